package dev.openexec.store.jdbc;

import static dev.openexec.store.jdbc.TestStores.CLOCK;
import static dev.openexec.store.jdbc.TestStores.claimed;
import static dev.openexec.store.jdbc.TestStores.orphans;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What lies where a boot file belongs proves nothing unless it is a file: it is not even opened. */
@Timeout(60)
class BootLockTest {

    private static final String NOBODY = "0".repeat(32);

    private @TempDir Path folder;

    @Test
    void a_link_to_the_file_of_a_living_boot_does_not_touch_its_lock() throws Exception {
        Path file = folder.toRealPath().resolve("ledger.db");
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
            claimed(store, "n");
            LedgerFile ledger = LedgerFile.at(file);
            Path living = ledger.boot(ledger.boots().get(0));
            Path link = Files.createSymbolicLink(ledger.boot(NOBODY), living);

            assertThat(orphans(store)).isEmpty();
            assertThat(BootLock.probe(link)).isEqualTo(LedgerView.Life.UNKNOWN);
        }
    }

    /** In a process that has no more rights than any user: root may open everything. */
    @Test
    void a_file_that_may_not_be_opened_proves_nothing() throws Exception {
        Path file = folder.toRealPath().resolve("ledger.db");
        try (LedgerProcess killed = LedgerProcess.start(file)) {
            killed.ask("open");
            killed.ask("claim n");
            killed.kill();
        }
        LedgerFile ledger = LedgerFile.at(file);
        Path boot = ledger.boot(ledger.boots().get(0));
        Files.setPosixFilePermissions(boot, Set.of());

        try (LedgerProcess other = LedgerProcess.startBy(underPermissions(boot), file)) {
            other.ask("open");
            assertThat(other.ask("probe " + boot)).isEqualTo("UNKNOWN");
            assertThat(other.ask("orphans")).isEqualTo("0");
            assertThat(boot).exists();
            Files.setPosixFilePermissions(boot, PosixFilePermissions.fromString("rw-------"));
            assertThat(other.ask("probe " + boot)).isEqualTo("DEAD");
            assertThat(other.ask("orphans")).isEqualTo("1");
        }
    }

    /** Not even root may write to it. */
    @Test
    void a_file_that_was_made_immutable_proves_nothing() throws Exception {
        Path boot = Files.createFile(folder.resolve("boot"));
        try {
            assumeThat(run("chattr", "+i", boot.toString()))
                    .as("no file can be made immutable here")
                    .isZero();

            assertThat(BootLock.probe(boot)).isEqualTo(LedgerView.Life.UNKNOWN);
        } finally {
            run("chattr", "-i", boot.toString());
        }
    }

    private static int run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return -1; // there is no such command
        }
    }

    private static List<String> underPermissions(Path forbidden) throws Exception {
        if (!Files.isWritable(forbidden)) {
            return List.of();
        }
        List<String> command = new ArrayList<>(LedgerProcess.UNDER_PERMISSIONS);
        command.addAll(List.of("test", "!", "-w", forbidden.toString()));
        try {
            assumeThat(new ProcessBuilder(command).start().waitFor())
                    .as("this user may open every file")
                    .isZero();
        } catch (IOException e) {
            abort("There is no setpriv here, and this user may open every file");
        }
        return LedgerProcess.UNDER_PERMISSIONS;
    }

    @Test
    void a_pipe_keeps_nobody_waiting() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertThat(BootLock.probe(pipe)).isEqualTo(LedgerView.Life.UNKNOWN);
    }
}
