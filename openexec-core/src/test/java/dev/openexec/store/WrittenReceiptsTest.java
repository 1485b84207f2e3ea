package dev.openexec.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.action.Kind;
import dev.openexec.approval.Approval;
import dev.openexec.approval.ApprovalKey;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.approval.Authority;
import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.evidence.Audit;
import dev.openexec.evidence.Audit.Report;
import dev.openexec.evidence.Audit.Result;
import dev.openexec.evidence.Evidence;
import dev.openexec.evidence.Policy;
import dev.openexec.evidence.TlogProof;
import dev.openexec.evidence.TreeReader;
import dev.openexec.evidence.Verifier;
import dev.openexec.evidence.VerifierKey;
import dev.openexec.json.Digest;
import dev.openexec.json.Json;
import dev.openexec.store.ReceiptLog.Head;
import dev.openexec.store.StoredExecution.Resolution;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is written here is what whoever verifies accepts. */
class WrittenReceiptsTest {

    private static final String LEDGER = "00112233445566778899aabbccddeeff";
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");
    private static final Ed25519SigningKey APPROVER = Ed25519SigningKey.generate();
    private static final ApprovalPolicy APPROVERS = ApprovalPolicy.signedBy(
            "acme", List.of(ApprovalKey.fromBytes(APPROVER.publicKey().bytes())));

    private final Receipts receipts = new Receipts(LEDGER);
    private final InMemoryLog log = new InMemoryLog(LEDGER, Ed25519SigningKey.generate());
    private final Map<UUID, Map<String, String>> documents = new HashMap<>();
    private int claims;

    @Test
    void every_kind_of_receipt_is_accepted() throws Exception {
        log.append(receipts.control("log-opened", NOW, Map.of("actor", "\u00e9\u007f\"\n")), null);
        log.append(receipts.refusal(Authority.V1, "acme", "a", "approval-expired", "expired", NOW), null);
        succeed(claim(Kind.PURE), 1);
        succeed(claim(Kind.TRANSACTIONAL), 1);
        Claim once = intent(claim(Kind.AT_MOST_ONCE), 1);
        Claim failing = intent(claim(Kind.AT_MOST_ONCE), 1);
        succeed(once, 1);
        end(failing, 1, Ending.failed(NOW, "account-closed"));
        Claim again = intent(intent(claim(Kind.IDEMPOTENT), 1), 2);
        succeed(again, 2);
        Claim withdrawn = intent(claim(Kind.AT_MOST_ONCE), 1);
        log.append(receipts.withdrawal(withdrawn, NOW), withdrawn.executionId());
        Claim late = intent(claim(Kind.AT_MOST_ONCE), 1);
        end(late, 1, Ending.indeterminate(NOW, "owner-died"));
        succeed(late, 1);
        Claim resolved = intent(claim(Kind.AT_MOST_ONCE), 1);
        end(resolved, 1, Ending.indeterminate(NOW, "owner-died"));
        resolve(resolved);

        Head head = log.head(1);
        Policy policy = Policy.of(VerifierKey.parse(head.key()));
        Report report = Audit.of(policy)
                .approvedBy(APPROVERS)
                .withDocuments(id -> documents.getOrDefault(id, Map.of()))
                .run(log.receipts(new LogPosition(1, 0), (int) head.size()).iterator(), head.checkpoint());

        assertThat(report.findings()).isEmpty();
        assertThat(report.result()).isEqualTo(Result.COMPLETE);
        assertThat(report.executions()).isEqualTo(8);
        assertThat(report.approved()).isEqualTo(8);
        assertEachVerifies(Verifier.of(policy).approvedBy(APPROVERS), head);
    }

    private void assertEachVerifies(Verifier verifier, Head head) {
        for (long index = 0; index < head.size(); index++) {
            String receipt = log.receipts(new LogPosition(1, index), 1).get(0);
            TreeReader tree = new TreeReader(this::hashes, head.size());
            String proof = new TlogProof(index, tree.inclusion(index), head.checkpoint()).text();
            Map<String, String> spokenOf = new HashMap<>();
            documents.forEach((id, texts) -> {
                if (receipt.contains(id.toString())) {
                    spokenOf.putAll(texts);
                }
            });
            spokenOf.keySet().removeIf(name -> !receipt.contains("\"name\":\"" + name + "\""));
            String expected = receipt.contains("execId") ? "APPROVED LOGGED" : "LOGGED";
            assertThat(verifier.verify(new Evidence(receipt, proof, spokenOf).json()))
                    .as(receipt)
                    .hasToString(expected);
        }
    }

    private List<Digest> hashes(int level, long first, int count) {
        return log.receipts(new LogPosition(1, first), count).stream()
                .map(receipt -> Digest.of(new byte[1], receipt.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    private Claim intent(Claim claim, int attempt) {
        log.append(receipts.intent(claim, attempt, NOW), claim.executionId());
        return claim;
    }

    private void succeed(Claim claim, int attempt) {
        end(claim, attempt, Ending.succeeded(NOW, "{\"a\": [1, 2.5, \"\\u00e9\"]}"));
    }

    private void end(Claim claim, int attempt, Ending ending) {
        documents.put(claim.executionId(), Documents.of(claim, ending, null).byName());
        log.append(receipts.outcome(claim, attempt, ending), claim.executionId());
    }

    private void resolve(Claim claim) {
        Ending ending = Ending.succeeded(NOW, "null");
        Resolution resolution = new Resolution("alice", "ticket \u00e9");
        documents.put(
                claim.executionId(), Documents.of(claim, ending, resolution).byName());
        StoredExecution row = new StoredExecution(claim, 1, Ending.indeterminate(NOW, "owner-died"));
        log.append(receipts.resolution(row, ending, resolution), claim.executionId());
    }

    private Claim claim(Kind kind) throws Exception {
        claims++;
        String payload = "{\"n\":" + claims + ",\"text\":\"\\u00e9\\\"\"}";
        Digest hash = Digest.ofUtf8("{\"action\":\"transfer\",\"payload\":" + payload + "}");
        Approval approval = APPROVERS.verify(artifact(hash), hash, NOW).orElseThrow();
        Claim claim = new Claim(
                UUID.fromString(String.format("01900000-0000-7000-8000-%012x", claims)),
                Digest.ofUtf8("nonce " + claims),
                Digest.ofUtf8("nonce " + claims),
                Authority.V1,
                new SpentApproval(hash, approval.id(), approval.text(), approval.issuedAt(), approval.expiresAt()),
                hash,
                "acme",
                "nonce\u0000\ud83d\ude00 " + claims,
                "transfer",
                kind,
                claims % 2 == 0 ? Digest.ofUtf8("code") : null,
                payload,
                "0".repeat(32),
                "1".repeat(32),
                NOW);
        documents.put(claim.executionId(), Documents.of(claim, null, null).byName());
        return claim;
    }

    private String artifact(Digest hash) {
        String id = String.format("aaaaaaaa-0000-4000-8000-%012x", claims);
        String issued = "2026-01-02T03:00:00";
        String expires = "2026-01-02T03:04:05.700000";
        byte[] message = (id + "acme" + hash.hex() + issued + expires).getBytes(StandardCharsets.US_ASCII);
        return Json.of(Map.of(
                        "approval_id",
                        id,
                        "tenant_id",
                        "acme",
                        "action_hash",
                        hash.hex(),
                        "issued_at",
                        issued,
                        "expires_at",
                        expires,
                        "signature",
                        Base64.getEncoder().encodeToString(APPROVER.sign(message))))
                .spaced();
    }
}
