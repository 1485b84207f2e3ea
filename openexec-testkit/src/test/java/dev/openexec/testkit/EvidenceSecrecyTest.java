package dev.openexec.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.Execution;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.action.Kind;
import dev.openexec.evidence.Evidence;
import dev.openexec.json.Digest;
import dev.openexec.json.Json;
import dev.openexec.store.ExecutionStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What somebody who has receipts and no documents can find out by guessing. */
class EvidenceSecrecyTest {

    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    private static final int PINS = Integer.getInteger("guesses", 1 << 16);

    private final TestApprovals approver = TestApprovals.forTenant("acme");

    /**
     * The payload is one of few, the nonce and the salt's length are known, and so is how documents are made: without the salt
     * no guess is confirmed, by itself or inside of any document. {@code -Dguesses=16777216} makes them all.
     */
    @Test
    void no_guess_confirms_a_small_payload_result_nonce_or_approval() throws Exception {
        Evidence evidence = pinned();
        Set<String> digests = new HashSet<>();
        DIGEST.matcher(evidence.receipt()).results().forEach(found -> digests.add(found.group()));
        byte[][] known =
                digests.stream().map(hex -> HexFormat.of().parseHex(hex)).toArray(byte[][]::new);
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        String noSalt = "0".repeat(32);

        assertThat(digests).hasSizeGreaterThanOrEqualTo(3);
        for (int pin = 0; pin < PINS; pin++) {
            String payload = "{\"pin\":" + pin + "}";
            String canonical = "{\"action\":\"open\",\"payload\":" + payload + "}";
            String quoted = canonical.replace("\"", "\\\"");
            for (String guess : List.of(
                    payload,
                    canonical,
                    Integer.toString(pin),
                    "{\"canonical\":\"" + quoted + "\",\"nonce\":\"n\"}",
                    "{\"canonical\":\"" + quoted + "\",\"nonce\":\"n\",\"salt\":\"" + noSalt + "\"}")) {
                byte[] hash = sha256.digest(guess.getBytes(StandardCharsets.UTF_8));
                for (byte[] digest : known) {
                    assertThat(MessageDigest.isEqual(hash, digest)).isFalse();
                }
            }
        }
    }

    @Test
    void the_salts_of_one_execution_have_nothing_to_do_with_each_other_or_with_another_s() throws Exception {
        Set<String> salts = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            for (String document : pinned().documents().values()) {
                salts.add(Json.parseDocument(document).get("salt").orElseThrow().asString());
            }
        }

        assertThat(salts).hasSize(50 * 3).allMatch(salt -> salt.matches("[0-9a-f]{32}"));
    }

    @Test
    void the_documents_are_what_the_receipt_has_the_digests_of() throws Exception {
        Evidence evidence = pinned();

        assertThat(evidence.documents()).containsOnlyKeys("request", "approval", "result");
        assertThat(evidence.documents().values())
                .allSatisfy(document -> assertThat(evidence.receipt())
                        .contains(Digest.ofUtf8(document).hex()));
    }

    /** Numbers that a reader of doubles takes for one are two here, as they are to approvals. */
    @Test
    void two_payloads_with_different_action_hashes_have_different_documents() throws Exception {
        Set<String> documents = new HashSet<>();
        Set<String> hashes = new HashSet<>();
        for (String payload : List.of(
                "{\"a\":9007199254740992}",
                "{\"a\":9007199254740993}",
                "{\"a\":1}",
                "{\"a\":1.0}",
                "{\"a\":0.0}",
                "{\"a\":-0.0}",
                "{\"a\":\"1\"}",
                "{\"a\":\"\u00e9\"}",
                "{\"a\":\"e\u0301\"}",
                "{\"a\":null}",
                "{}")) {
            Json request = Json.parse(payload);
            hashes.add(ExecutionRequest.of("open", request, "n").hash().hex());
            String document =
                    Objects.requireNonNull(evidence(request).documents().get("request"));
            documents.add(
                    Json.parseDocument(document).get("canonical").orElseThrow().asString());
        }

        assertThat(hashes).hasSize(11);
        assertThat(documents)
                .hasSize(11)
                .allSatisfy(
                        text -> assertThat(hashes).contains(Digest.ofUtf8(text).hex()));
    }

    private Evidence pinned() throws Exception {
        return evidence(Json.of(Map.of("pin", 4711)));
    }

    private Evidence evidence(Json payload) throws Exception {
        try (Executor executor = Executor.with(ExecutionStore.inMemory(), approver.policy())
                .action(RecordingAction.counting("open", Kind.PURE))
                .build()) {
            ExecutionRequest request = ExecutionRequest.of("open", payload, "n");
            Execution execution = executor.execute(request.withApproval(approver.approve(request, Instant.now())));
            return executor.log()
                    .evidence(execution.id())
                    .toCompletableFuture()
                    .join()
                    .orElseThrow();
        }
    }
}
