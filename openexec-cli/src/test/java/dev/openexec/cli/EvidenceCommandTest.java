package dev.openexec.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.action.Kind;
import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.evidence.LogKey;
import dev.openexec.json.Digest;
import dev.openexec.json.Json;
import dev.openexec.store.jdbc.SqliteStore;
import dev.openexec.testkit.RecordingAction;
import dev.openexec.testkit.SettableClock;
import dev.openexec.testkit.TestApprovals;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code openexec receipt} and {@code openexec log}. */
class EvidenceCommandTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final TestApprovals approver = TestApprovals.forTenant("acme");
    private final SettableClock clock = new SettableClock(NOW);
    private @TempDir Path folder;
    private Path bundle;
    private Path export;
    private Path kept;
    private Path pem;
    private Terminal terminal;
    private String key;
    private UUID id;

    @BeforeEach
    void execute() throws Exception {
        Path file = folder.resolve("ledger.db");
        bundle = folder.resolve("evidence.json");
        export = folder.resolve("export");
        kept = folder.resolve("kept");
        pem = Files.writeString(folder.resolve("approver.pem"), approver.publicKeyPem());
        terminal = new Terminal(file, clock);
        try (Executor executor = Executor.with(SqliteStore.at(file), approver.policy())
                .clock(clock)
                .action(RecordingAction.counting("pay", Kind.AT_MOST_ONCE))
                .build()) {
            id = executor.execute(approved("first")).id();
            executor.execute(approved("second"));
        }
        assertThat(terminal.run("log", "key")).isZero();
        key = terminal.out().strip();
        assertThat(terminal.run("log", "checkpoint")).isZero();
        Files.writeString(kept, terminal.out());
        assertThat(terminal.run("receipt", "get", id.toString()))
                .as(terminal.err())
                .isZero();
        Files.writeString(bundle, terminal.out());
        assertThat(terminal.run("log", "export", export.toString(), "--json"))
                .as(terminal.err())
                .isZero();
        assertThat(terminal.documents().get(0).canonical()).isEqualTo("{\"receipts\":4}");
    }

    private ExecutionRequest approved(String nonce) {
        ExecutionRequest request = ExecutionRequest.of("pay", Json.of(Map.of("to", "s3cr3t-" + nonce)), nonce);
        return request.withApproval(approver.approve(request, clock.instant()));
    }

    @Test
    void evidence_is_verified_with_the_key_of_the_log() {
        assertThat(terminal.plain("receipt", "verify", bundle.toString(), "--log-key", key))
                .isZero();
        assertThat(terminal.out()).contains("verdict  LOGGED");
    }

    /** As the verifier alone does; {@code VerifyReceiptShTest} has the same of the script. */
    @Test
    void one_newline_at_the_end_of_evidence_is_ignored() throws Exception {
        String evidence = Files.readString(bundle);

        Files.writeString(bundle, evidence + "\n");
        assertThat(terminal.plain("receipt", "verify", bundle.toString(), "--log-key", key))
                .isZero();
        Files.writeString(bundle, evidence + "\n\n");
        assertThat(terminal.plain("receipt", "verify", bundle.toString(), "--log-key", key))
                .isEqualTo(Tool.FINDING);
        assertThat(terminal.out()).contains("INVALID evidence-malformed");
    }

    @Test
    void an_approval_is_verified_with_the_key_of_the_approver() {
        assertThat(terminal.plain(
                        "receipt",
                        "verify",
                        bundle.toString(),
                        "--log-key",
                        key,
                        "--approver",
                        pem.toString(),
                        "--tenant",
                        "acme",
                        "--json"))
                .isZero();
        assertThat(terminal.member("verdict")).isEqualTo("APPROVED LOGGED");
        assertThat(terminal.plain(
                        "receipt",
                        "verify",
                        bundle.toString(),
                        "--log-key",
                        key,
                        "--approver",
                        pem.toString(),
                        "--tenant",
                        "other",
                        "--json"))
                .isEqualTo(Tool.FINDING);
        assertThat(terminal.member("verdict")).isEqualTo("INVALID approval-invalid");
    }

    @Test
    void a_policy_file_says_who_is_trusted() throws Exception {
        Path policy = Files.writeString(folder.resolve("policy"), "log " + key + "\nquorum none\n");
        Path other = Files.writeString(folder.resolve("other"), "quorum none\n");

        assertThat(terminal.plain("receipt", "verify", bundle.toString(), "--policy", policy.toString()))
                .isZero();
        assertThat(terminal.plain("receipt", "verify", bundle.toString(), "--policy", other.toString()))
                .isEqualTo(Tool.FINDING);
        assertThat(terminal.plain("receipt", "verify", bundle.toString(), "--policy", kept.toString()))
                .isEqualTo(Tool.DATA);
        assertThat(terminal.err()).contains("invalid-policy");
    }

    @Test
    void a_key_is_not_taken_for_a_file_or_a_policy_nor_a_file_for_a_key() throws Exception {
        Path file = Files.writeString(folder.resolve("log.key"), key + "\n");

        for (String[] evidence :
                new String[][] {{"receipt", "verify", bundle.toString()}, {"log", "verify", export.toString()}}) {
            assertMistake(
                    "--log-key takes the key itself, not the name of its file", evidence, "--log-key", file.toString());
            assertMistake("--policy takes a file, in which", evidence, "--policy", file.toString());
            assertMistake("--policy takes a file, in which", evidence, "--policy", key);
        }
    }

    private void assertMistake(String words, String[] evidence, String option, String value) {
        assertThat(terminal.plain(evidence[0], evidence[1], evidence[2], option, value))
                .isEqualTo(Tool.USAGE);
        assertThat(terminal.err()).startsWith("openexec: invalid-argument: " + words);
        assertThat(terminal.out()).isEmpty();
    }

    @Test
    void an_export_is_verified_as_a_whole() {
        assertThat(terminal.plain(
                        "log", "verify", export.toString(), "--log-key", key, "--since", kept.toString(), "--json"))
                .as(terminal.err())
                .isZero();
        assertThat(terminal.member("verdict")).isEqualTo("COMPLETE");
        assertThat(terminal.documents().get(0).get("executions").orElseThrow().canonical())
                .isEqualTo("2");
    }

    @Test
    void an_export_goes_into_no_folder_that_has_anything_else() throws Exception {
        Path other = Files.createDirectory(folder.resolve("other"));
        assertThat(terminal.run("log", "export", other.toString())).isZero();
        String checkpoint = Files.readString(other.resolve("checkpoint"));
        assertThat(terminal.run("log", "export", other.toString())).isZero();

        LogKey stranger = new LogKey(key.substring(0, key.indexOf('+')), Ed25519SigningKey.generate());
        assertForeign(Files.writeString(folder.resolve("file"), ""), "There is a file of that name");
        Files.writeString(other.resolve("checkpoint"), stranger.checkpoint(4, Digest.of()));
        assertForeign(other, "The folder is not empty");
        Files.writeString(other.resolve("checkpoint"), checkpoint.substring(1));
        assertForeign(other, "The folder is not empty");
        Files.delete(other.resolve("checkpoint"));
        assertForeign(other, "The folder is not empty");
        assertForeign(folder, "The folder is not empty");
        assertThat(folder.resolve("tile")).doesNotExist();
    }

    private void assertForeign(Path place, String words) {
        assertThat(terminal.run("log", "export", place.toString())).isEqualTo(Tool.DATA);
        assertThat(terminal.err()).startsWith("openexec: export-foreign: " + words);
        assertThat(terminal.out()).isEmpty();
    }

    @Test
    void an_export_tells_nothing_that_is_private() throws Exception {
        String entries = Files.readString(export.resolve("tile/entries/000.p/4"), StandardCharsets.ISO_8859_1);

        assertThat(entries).contains(id.toString()).doesNotContain("s3cr3t", "first", "second");
    }

    @Test
    void an_export_that_was_changed_or_cut_is_found_out() throws Exception {
        Path entries = export.resolve("tile/entries/000.p/4");
        byte[] good = Files.readAllBytes(entries);
        byte[] changed = good.clone();
        changed[good.length - 200] ^= 1;

        Files.write(entries, changed);
        assertThat(terminal.plain("log", "verify", export.toString(), "--log-key", key))
                .isEqualTo(Tool.FINDING);
        assertThat(terminal.err()).contains("finding: log changed").doesNotContain("receipt 4");
        Files.write(entries, good);
        assertThat(terminal.plain("log", "verify", export.toString(), "--log-key", key, "--since", bundle.toString()))
                .isEqualTo(Tool.FINDING);
        assertThat(terminal.err()).isEqualToNormalizingNewlines("openexec: finding: log older-untrusted\n");
        Files.write(entries, Arrays.copyOf(good, good.length / 2));
        assertThat(terminal.plain("log", "verify", export.toString(), "--log-key", key))
                .isEqualTo(Tool.FINDING);
        Files.delete(entries);
        assertThat(terminal.plain("log", "verify", export.toString(), "--log-key", key))
                .isEqualTo(Tool.FINDING);
        assertThat(terminal.err()).contains("finding: log truncated");
    }

    @Test
    void an_export_whose_last_entry_is_said_to_be_longer_is_no_export() throws Exception {
        Path entries = export.resolve("tile/entries/000.p/4");
        byte[] bytes = Files.readAllBytes(entries);
        int last = 0;
        for (int next = 0; next < bytes.length; next += 2 + (((bytes[next] & 255) << 8) | (bytes[next + 1] & 255))) {
            last = next;
        }
        bytes[last] ^= 1 << 6;
        Files.write(entries, bytes);

        assertThat(terminal.plain("log", "verify", export.toString(), "--log-key", key))
                .isEqualTo(Tool.FINDING);
    }

    @Test
    void an_execution_without_a_receipt_has_no_evidence() {
        assertThat(terminal.run("receipt", "get", "00000000-0000-7000-8000-000000000000"))
                .isEqualTo(Tool.DATA);
        assertThat(terminal.err()).contains("execution-unknown");
        assertThat(terminal.run("log", "export", export.toString(), "--log", "2"))
                .isEqualTo(Tool.USAGE);
        assertThat(terminal.plain("receipt", "verify", bundle.toString(), "--log-key", "nonsense"))
                .isEqualTo(Tool.USAGE);
        assertThat(terminal.err()).contains("invalid-argument: --log-key takes a verifier key");
        assertThat(terminal.plain("receipt", "verify", "missing", "--log-key", key))
                .isEqualTo(Tool.DATA);
        assertThat(terminal.plain("receipt", "verify", bundle.toString())).isEqualTo(Tool.USAGE);
        assertThat(terminal.plain("receipt", "verify", bundle.toString(), "--log-key", key, "--tenant", "t"))
                .isEqualTo(Tool.USAGE);
    }
}
