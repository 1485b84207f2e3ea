package dev.openexec.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.evidence.Checkpoint;
import dev.openexec.evidence.VerifierKey;
import dev.openexec.json.Json;
import dev.openexec.store.jdbc.SqliteStore;
import dev.openexec.testkit.RecordingAction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged tool in a process of its own. */
@Tag("jar")
class CliJarTest {

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String JAR =
            Path.of("target", "openexec-cli.jar").toAbsolutePath().toString();

    private @TempDir Path folder;

    private record Ended(int status, String out) {}

    @Test
    void the_jar_looks_at_a_ledger_that_another_process_has_open() throws Exception {
        try (Executor executor = Executor.with(
                        SqliteStore.at(folder.resolve("openexec.db")), ApprovalPolicy.unsignedDemo())
                .action(RecordingAction.counting("pay", Kind.AT_MOST_ONCE))
                .build()) {
            executor.execute(ExecutionRequest.of("pay", Json.emptyObject(), "n-1"));

            Ended status = run("ledger", "status", "--json");
            assertThat(status.status()).isZero();
            assertThat(Json.parse(status.out()).get("executions").orElseThrow().canonical())
                    .isEqualTo("{\"SUCCEEDED\":1}");
            assertThat(Json.parse(status.out()).get("boots").orElseThrow().canonical())
                    .contains("alive");
            executor.execute(ExecutionRequest.of("pay", Json.emptyObject(), "n-2"));
        }
    }

    /** A signature line begins with a dash that is not ASCII, whatever the locale is. */
    @Test
    void a_checkpoint_is_printed_as_it_is_signed() throws Exception {
        try (Executor executor = Executor.with(
                        SqliteStore.at(folder.resolve("openexec.db")), ApprovalPolicy.unsignedDemo())
                .action(RecordingAction.counting("pay", Kind.AT_MOST_ONCE))
                .build()) {
            executor.execute(ExecutionRequest.of("pay", Json.emptyObject(), "n-1"));
        }
        VerifierKey key = VerifierKey.parse(run("log", "key").out().strip());

        assertThat(Checkpoint.open(run("log", "checkpoint").out(), key)).isPresent();
    }

    @Test
    void the_jar_knows_its_version_and_its_exit_statuses() throws Exception {
        assertThat(run("--version").out()).startsWith("OpenExec 0.");
        assertThat(run("--help").status()).isZero();
        assertThat(run("nonsense").status()).isEqualTo(Tool.USAGE);
        assertThat(run("ledger", "status").status()).isEqualTo(Tool.UNAVAILABLE);
    }

    private Ended run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(JAVA, "-jar", JAR));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("LC_ALL", "C");
        builder.environment().keySet().removeIf(name -> name.matches("(OPENEXEC|CLAWSHIELD)_.*|.*JAVA_.*OPTIONS"));
        Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out);
    }
}
