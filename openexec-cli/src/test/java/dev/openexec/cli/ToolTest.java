package dev.openexec.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line itself. */
class ToolTest {

    private @TempDir Path folder;
    private Terminal terminal;

    @BeforeEach
    void open() {
        terminal = new Terminal(folder.resolve("ledger.db"), InstantSource.system());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "executions list --help",
                "resolve --help",
                "prune --help",
                "ledger restored --help",
                "witness --help"
            })
    void every_command_explains_itself(String line) {
        assertThat(terminal.plain(line.split(" "))).isZero();
        assertThat(terminal.out()).contains("Usage: openexec", "Exit status:", "65");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "executions ", "ledger ", "receipt ", "log "})
    void a_list_of_commands_has_a_whole_sentence_of_each(String group) {
        assertThat(terminal.plain((group + "--help").split(" ", -1))).isZero();
        String list = terminal.out().split("Commands:\\R", -1)[1].split("\\RExit status:", -1)[0];

        for (String command : list.split("\\R(?=  \\S)", -1)) {
            assertThat(command.strip()).endsWith(".");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"erase", "ledger trust-clock", "ledger restored"})
    void whoever_gives_a_reason_is_told_who_will_read_it(String command) {
        assertThat(terminal.plain((command + " --help").split(" ", -1))).isZero();
        assertThat(terminal.out()).contains("Actor and evidence are in the log, for everybody who reads that");
    }

    @Test
    void the_version_is_the_build_s() {
        assertThat(terminal.plain("--version")).isZero();
        assertThat(terminal.out()).startsWith("OpenExec ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "--unknown", "execution list", "ledger", "executions list --limit=0", "executions show x"})
    void what_is_not_understood_is_64(String line) {
        assertThat(terminal.plain(line.isEmpty() ? new String[0] : line.split(" ")))
                .isEqualTo(Tool.USAGE);
        assertThat(terminal.out()).isEmpty();
        assertThat(terminal.err()).startsWith("openexec: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite://", "postgresql://user:secret@host/db", "jdbc:sqlite:a.db?mode=ro"})
    void a_ledger_that_is_no_file_is_78(String url) {
        assertThat(terminal.plain("ledger", "status", "--db-url", url)).isEqualTo(Tool.CONFIGURATION);
        assertThat(terminal.err()).contains("invalid-ledger-url").doesNotContain("secret");
    }
}
