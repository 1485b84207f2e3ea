package dev.openexec.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.evidence.Checkpoint;
import dev.openexec.evidence.LogKey;
import dev.openexec.evidence.VerifierKey;
import dev.openexec.evidence.Witness.Reply;
import dev.openexec.json.Digest;
import dev.openexec.json.Json;
import dev.openexec.store.jdbc.SqliteStore;
import dev.openexec.testkit.RecordingAction;
import dev.openexec.testkit.SettableClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code openexec log cosign}, while an executor has the ledger open. */
class CosignCommandTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final String WITNESSED = "WITNESSED 2 of 2 at 2026-11-22T12:00:00Z";

    private final SettableClock clock = new SettableClock(NOW);
    private @TempDir Path folder;
    private Executor executor;
    private Terminal terminal;
    private VerifierKey log;
    private TestWitness first;
    private TestWitness second;
    private Path policy;

    @BeforeEach
    void open() throws Exception {
        Path file = folder.resolve("ledger.db");
        executor = Executor.with(SqliteStore.at(file), ApprovalPolicy.unsignedDemo())
                .clock(clock)
                .action(RecordingAction.counting("count", Kind.PURE))
                .build();
        terminal = new Terminal(file, clock);
        execute("0");
        assertThat(terminal.run("log", "key")).isZero();
        log = VerifierKey.parse(terminal.out().strip());
        first = new TestWitness("first.example", log, clock);
        second = new TestWitness("second.example", log, clock);
        policy = Files.writeString(
                folder.resolve("policy"),
                "log " + log + "\n" + first.line() + second.line()
                        + "group both all first.example second.example\nquorum both\n");
    }

    @AfterEach
    void close() {
        first.close();
        second.close();
        executor.close();
    }

    private String execute(String nonce) throws Exception {
        return executor.execute(ExecutionRequest.of("count", Json.emptyObject(), nonce))
                .id()
                .toString();
    }

    private int cosign() {
        return terminal.run("log", "cosign", "--policy", policy.toString(), "--json");
    }

    private String verdict(String id) throws IOException {
        assertThat(terminal.run("receipt", "get", id)).isZero();
        Path bundle = Files.writeString(folder.resolve("evidence.json"), terminal.out());
        terminal.plain("receipt", "verify", bundle.toString(), "--policy", policy.toString(), "--json");
        return terminal.member("verdict");
    }

    private void assertNothingKept() {
        assertThat(terminal.run("log", "checkpoint", "--cosigned")).isEqualTo(Tool.DATA);
        assertThat(terminal.err()).contains("log-not-cosigned");
    }

    @Test
    void evidence_comes_with_cosignatures_from_then_on() throws Exception {
        String id = execute("1");
        assertThat(verdict(id)).isEqualTo("INVALID checkpoint-untrusted");

        assertThat(cosign()).as(terminal.err()).isZero();
        assertThat(terminal.out().strip()).isEqualTo("{\"cosigned\":2,\"receipts\":2,\"witnesses\":2}");
        assertThat(verdict(id)).isEqualTo(WITNESSED);

        String later = execute("2");
        assertThat(verdict(later)).isEqualTo("INVALID checkpoint-untrusted");
        assertThat(verdict(id)).isEqualTo(WITNESSED);
        assertThat(cosign()).as(terminal.err()).isZero();
        assertThat(verdict(later)).isEqualTo(WITNESSED);
        assertThat(first.size(log.name())).contains(3L);
    }

    @Test
    void an_export_goes_as_far_as_witnesses_have_been() throws Exception {
        assertThat(cosign()).isZero();
        execute("1");
        String export = folder.resolve("export").toString();
        assertThat(terminal.run("log", "export", export, "--cosigned", "--json"))
                .as(terminal.err())
                .isZero();
        assertThat(terminal.out().strip()).isEqualTo("{\"receipts\":1}");

        assertThat(terminal.plain("log", "verify", export, "--policy", policy.toString(), "--json"))
                .isZero();
        assertThat(terminal.member("verdict")).isEqualTo("COMPLETE");
        assertThat(terminal.member("standing")).isEqualTo(WITNESSED);
        assertThat(terminal.run("log", "checkpoint", "--cosigned")).isZero();
        assertThat(terminal.out()).isEqualTo(Files.readString(folder.resolve("export/checkpoint")));
    }

    @Test
    void the_same_again_changes_nothing() {
        assertThat(cosign()).isZero();
        assertThat(terminal.run("log", "checkpoint", "--cosigned")).isZero();
        String cosigned = terminal.out();
        assertThat(cosign()).isZero();
        assertThat(terminal.run("log", "checkpoint", "--cosigned")).isZero();
        assertThat(terminal.out()).isEqualTo(cosigned);
    }

    @Test
    void too_few_are_nothing_and_who_has_cosigned_before_goes_on_from_there() throws Exception {
        second.answer(new Reply(503, ""));
        assertThat(cosign()).isEqualTo(Tool.UNAVAILABLE);
        assertThat(terminal.err())
                .contains("second.example: it answers with status 503")
                .contains("witnesses-missing");
        assertNothingKept();
        assertThat(first.size(log.name())).contains(1L);

        execute("1");
        second.answer(null);
        assertThat(cosign()).as(terminal.err()).isZero();
        assertThat(first.size(log.name())).contains(2L);
        assertThat(second.size(log.name())).contains(2L);
    }

    @Test
    void a_policy_that_has_other_logs_only_is_refused_before_anybody_is_called() throws Exception {
        String other = new LogKey(log.name(), Ed25519SigningKey.generate())
                .verifierKey()
                .toString();
        Files.writeString(policy, Files.readString(policy).replace(log.toString(), other));

        assertThat(cosign()).isEqualTo(Tool.DATA);
        assertThat(terminal.err()).startsWith("openexec: log-not-in-policy: ");
        assertThat(first.size(log.name())).isEmpty();
        assertNothingKept();
    }

    @Test
    void who_cannot_be_reached_is_named_and_what_was_cosigned_before_is_enough_or_not() throws Exception {
        assertThat(cosign()).isZero();
        second.close();

        assertThat(cosign()).isZero();
        assertThat(terminal.err())
                .contains("second.example: it cannot be reached: ")
                .doesNotContain("first.example");
        assertThat(terminal.out()).contains("\"cosigned\":2,");

        TestWitness third = new TestWitness("third.example", log, clock);
        third.close();
        Files.writeString(
                policy,
                "log " + log + "\n" + first.line() + third.line()
                        + "group g all first.example third.example\nquorum g\n");
        assertThat(cosign()).isEqualTo(Tool.UNAVAILABLE);
        assertThat(terminal.err()).contains("third.example: it cannot be reached: ", "witnesses-missing");
        assertThat(terminal.out()).isEmpty();
    }

    @Test
    void a_witness_that_has_seen_another_history_is_a_finding() throws Exception {
        Digest forged = Digest.ofUtf8("another history");
        execute("1");
        for (int size = 1; size <= 3; size++) { // shorter, as long, and longer than what the ledger has
            first.know(new Checkpoint(log.name(), size, forged));

            assertThat(cosign()).as("%s", size).isEqualTo(Tool.FINDING);
            assertThat(terminal.err()).contains("first.example", "has seen", "ledger has");
            assertNothingKept();
        }
    }

    @Test
    void a_witness_that_answers_wrongly_does_not_spoil_what_others_sign() throws Exception {
        assertThat(cosign()).isZero();
        assertThat(terminal.run("log", "checkpoint", "--cosigned")).isZero();
        String stale = terminal.out()
                .lines()
                .filter(line -> line.contains("first"))
                .findFirst()
                .orElseThrow();
        String id = execute("1");
        first.answer(new Reply(200, stale + "\n"));
        Files.writeString(policy, Files.readString(policy).replace("both all", "both any"));

        assertThat(cosign()).as(terminal.err()).isZero();
        assertThat(terminal.err()).contains("first.example: its answer is no cosignature of its own");
        assertThat(verdict(id)).startsWith("WITNESSED 1 of 2");
    }

    /** A longer text, of which its line is good; and many good lines. */
    @Test
    void whatever_a_witness_answers_others_are_heard() throws Exception {
        assertThat(terminal.run("log", "checkpoint")).isZero();
        String checkpoint = terminal.out();
        String text = checkpoint.substring(0, checkpoint.indexOf("\n\n") + 1);
        StringBuilder flood = new StringBuilder();
        for (int i = 0; i < 99; i++) {
            flood.append(line(text, i));
        }
        Files.writeString(policy, Files.readString(policy).replace("both all", "both any"));

        first.answer(new Reply(200, "\n" + line(checkpoint, 0)));
        assertThat(cosign()).as(terminal.err()).isZero();
        assertThat(terminal.out()).contains("\"cosigned\":1,");
        first.answer(new Reply(200, flood.toString()));
        assertThat(cosign()).as(terminal.err()).isZero();
        assertThat(terminal.run("log", "checkpoint", "--cosigned")).isZero();
        assertThat(terminal.out().lines().filter(line -> line.startsWith("\u2014")))
                .hasSize(3); // of the log and of two witnesses
    }

    private String line(String text, int seconds) {
        byte[] time = ByteBuffer.allocate(8).putLong(seconds).array();
        byte[] signature =
                first.key().sign(("cosignature/v1\ntime " + seconds + "\n" + text).getBytes(StandardCharsets.UTF_8));
        VerifierKey key = new VerifierKey(
                "first.example", VerifierKey.Type.COSIGNATURE, first.key().publicKey());
        byte[] id = HexFormat.of().parseHex(key.toString().split("\\+", 3)[1]);
        byte[] all = ByteBuffer.allocate(76).put(id).put(time).put(signature).array();
        return "\u2014 first.example " + Base64.getEncoder().encodeToString(all) + "\n";
    }

    @Test
    void a_witness_has_one_line_however_often_it_is_asked() throws Exception {
        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofMinutes(1));
            assertThat(cosign()).isZero();
        }
        assertThat(terminal.run("log", "checkpoint", "--cosigned")).isZero();
        assertThat(terminal.out().lines().filter(line -> line.startsWith("\u2014")))
                .hasSize(3);
    }

    @Test
    void what_is_no_cosignature_of_the_witness_is_not_kept() throws Exception {
        assertThat(terminal.run("log", "checkpoint")).isZero();
        String ofTheLog = terminal.out().substring(terminal.out().indexOf("\u2014"));
        TestWitness stranger = new TestWitness("first.example", log, new SettableClock(NOW));
        Files.writeString(policy, "log " + log + "\n" + stranger.line() + "quorum first.example\n");
        assertThat(cosign()).isZero();
        assertThat(terminal.run("log", "checkpoint", "--cosigned")).isZero();
        String[] lines = terminal.out().split("\n", -1);
        String ofTheStranger = lines[lines.length - 2] + "\n";
        stranger.close();
        execute("1");
        Files.writeString(policy, "log " + log + "\n" + first.line() + "quorum first.example\n");

        for (String body : new String[] {
            "", "\n", "hello\n", ofTheLog, ofTheStranger, "x".repeat(1 << 17), "\u2014 first.example AAAAAAAA\n"
        }) {
            first.answer(new Reply(200, body));
            assertThat(cosign()).as(body).isEqualTo(Tool.UNAVAILABLE);
            assertThat(terminal.err()).contains("witnesses-missing");
        }
        for (String size : new String[] {"", "-1", "x", "9".repeat(30)}) {
            first.answer(new Reply(409, size));
            assertThat(cosign()).as(size).isEqualTo(Tool.UNAVAILABLE);
        }
    }

    @Test
    void a_policy_that_does_not_say_where_its_witnesses_are_gets_nothing() throws Exception {
        String line = first.line();
        Files.writeString(
                policy, "log " + log + "\n" + line.substring(0, line.indexOf(" http")) + "\nquorum first.example\n");
        assertThat(cosign()).isEqualTo(Tool.UNAVAILABLE);
        assertThat(terminal.err()).contains("the policy has no URL for it");
        for (String url : new String[] {"file:///etc", "nonsense", "http://127.0.0.1:1"}) {
            Files.writeString(
                    policy,
                    "log " + log + "\n" + line.substring(0, line.indexOf(" http")) + " " + url
                            + "\nquorum first.example\n");
            assertThat(cosign()).as(url).isEqualTo(Tool.UNAVAILABLE);
        }
        assertNothingKept();
    }
}
