package dev.openexec.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.evidence.VerifierKey;
import dev.openexec.evidence.Witness;
import dev.openexec.json.Json;
import dev.openexec.store.jdbc.SqliteStore;
import dev.openexec.testkit.RecordingAction;
import dev.openexec.testkit.SettableClock;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a ledger by way of our own witness to whoever verifies. */
class WitnessedExportTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final SettableClock clock = new SettableClock(NOW);
    private @TempDir Path folder;

    @Test
    void a_log_that_grows_is_witnessed_again_and_again() throws Exception {
        Path ledger = folder.resolve("ledger.db");
        Terminal terminal = new Terminal(ledger, clock);
        try (Executor executor = Executor.with(SqliteStore.at(ledger), ApprovalPolicy.unsignedDemo())
                .clock(clock)
                .action(RecordingAction.counting("count", Kind.PURE))
                .build()) {
            assertThat(terminal.run("log", "key")).isZero();
            String log = terminal.out().strip();
            Witness witness = new Witness(
                    "witness.example.org/w1",
                    Ed25519SigningKey.generate(),
                    List.of(VerifierKey.parse(log)),
                    FileWitnessState.make(folder.resolve("state")),
                    clock);
            Console console = new Console(
                    new ByteArrayInputStream(new byte[0]),
                    new PrintWriter(new StringWriter()),
                    new PrintWriter(new StringWriter()),
                    clock);
            try (WitnessServer server =
                    new WitnessServer(witness, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), console)) {
                Path policy = Files.writeString(
                        folder.resolve("policy"),
                        "log " + log + "\nwitness w1 " + witness.verifierKey() + " http://127.0.0.1:"
                                + server.address().getPort() + "/w1\nquorum w1\n");
                for (int size = 1; size <= 20; size++) {
                    executor.execute(ExecutionRequest.of("count", Json.emptyObject(), "n-" + size));
                    assertThat(terminal.run("log", "cosign", "--policy", policy.toString()))
                            .as(terminal.err())
                            .isZero();
                }
                String export = folder.resolve("export").toString();
                assertThat(terminal.run("log", "export", export, "--cosigned")).isZero();
                assertThat(terminal.plain("log", "verify", export, "--policy", policy.toString()))
                        .as(terminal.err())
                        .isZero();
                assertThat(terminal.out())
                        .contains("receipts    20", "standing    WITNESSED 1 of 1 at 2026-11-22T12:00:00Z");
            }
        }
    }
}
