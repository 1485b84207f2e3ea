package dev.openexec.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.evidence.Verdict.Approved;
import dev.openexec.evidence.Verdict.Invalid;
import dev.openexec.evidence.Verdict.Logged;
import dev.openexec.evidence.Verdict.Why;
import dev.openexec.evidence.Verdict.Witnessed;
import dev.openexec.json.Digest;
import dev.openexec.json.Json;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerifierTest {

    private static final Verifier LOG_ONLY = TestLog.verifier();
    private static final Verifier VERIFIER = LOG_ONLY.approvedBy(Draft.APPROVERS);
    private static final String ISSUED = "2026-01-02T03:04:00";
    private static final String EXPIRES = "2026-01-02T03:14:00";

    @Test
    void a_receipt_in_its_log_is_logged() {
        assertThat(VERIFIER.verify(TestLog.evidence(Draft.succeeded("1")))).isEqualTo(new Logged());
        assertThat(VERIFIER.verify(TestLog.evidence(Draft.refusal()))).isEqualTo(new Logged());
        assertThat(VERIFIER.verify(TestLog.evidence(Draft.control()))).isEqualTo(new Logged());
        assertThat(LOG_ONLY.verify(TestLog.evidence(Draft.succeeded("1").signed())))
                .isEqualTo(new Logged());
    }

    @Test
    void an_approval_that_verifies_again_makes_it_approved() {
        assertThat(VERIFIER.verify(TestLog.evidence(Draft.succeeded("1").signed())))
                .isEqualTo(new Approved(Draft.approvalId(1), new Logged()));
    }

    @Test
    void a_document_that_is_missing_makes_nothing_invalid() {
        Evidence whole = TestLog.evidence(Draft.succeeded("1").signed());

        for (String name : List.of("request", "approval")) {
            assertThat(VERIFIER.verify(without(whole, name))).isEqualTo(new Logged());
        }
        assertThat(VERIFIER.verify(without(whole, "result"))).isInstanceOf(Approved.class);
        assertThat(VERIFIER.verify(new Evidence(whole.receipt(), whole.proof(), Map.of())))
                .isEqualTo(new Logged());
    }

    @Test
    void a_bundle_has_one_form_with_a_newline_at_its_end_or_none() {
        Draft draft = Draft.succeeded("1").signed();
        draft.document("request", "canonical", Draft.CANONICAL, "nonce", "\u00e9\u007f\u2028\ud83d\ude00\n\u0001");
        String bundle = TestLog.evidence(draft).json();

        assertThat(VERIFIER.verify(bundle)).isInstanceOf(Approved.class);
        assertThat(VERIFIER.verify(bundle + "\n")).isInstanceOf(Approved.class);
        for (String space : List.of("\n\n", "\r\n", " ", " \n")) {
            assertInvalid(Why.EVIDENCE_MALFORMED, VERIFIER.verify(bundle + space));
        }
        assertInvalid(Why.EVIDENCE_MALFORMED, VERIFIER.verify("\n" + bundle));
        assertThat(Evidence.parse(bundle + "\n")).isEmpty();
        assertInvalid(Why.EVIDENCE_MALFORMED, VERIFIER.verify(bundle.replace("\"proof\"", " \"proof\"")));
        assertInvalid(Why.EVIDENCE_MALFORMED, VERIFIER.verify("{\"more\":\"\"," + bundle.substring(1)));
        assertInvalid(Why.EVIDENCE_MALFORMED, VERIFIER.verify(""));
        assertInvalid(Why.EVIDENCE_MALFORMED, VERIFIER.verify("{}"));
        assertThat(Evidence.parse(TestLog.utf8(bundle))).isEqualTo(Evidence.parse(bundle));
        assertThat(Evidence.parse(new byte[] {'"', (byte) 0xc0, (byte) 0x80, '"'}))
                .isEmpty();
    }

    @Test
    void a_bundle_has_no_more_values_than_a_document_may() {
        Evidence whole = TestLog.evidence(Draft.succeeded("1").signed());
        Map<String, String> documents = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            documents.put("d" + i, "");
        }

        assertInvalid(
                Why.EVIDENCE_MALFORMED,
                VERIFIER.verify(new Evidence(whole.receipt(), whole.proof(), documents).json()));
    }

    @Test
    void documents_may_be_as_long_as_requests_and_results_are() {
        String text = "\u00e9\"\\".repeat(30_000);
        String canonical = Json.of(Map.of("action", "transfer", "payload", Map.of("a", text, "b", text, "c", text)))
                .canonical();
        Draft draft = Draft.succeeded(Json.of(Map.of("a", text, "b", text)).spaced());
        draft.document("request", "canonical", canonical, "nonce", "n");
        Evidence evidence = TestLog.evidence(draft);

        assertThat(canonical.length()).isGreaterThan(256 * 1024);
        assertThat(VERIFIER.verify(evidence)).isEqualTo(new Logged());
        assertThat(VERIFIER.verify(evidence.json())).isEqualTo(new Logged());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v1\nindex 0\n\n"})
    void what_is_no_proof_is_refused(String proof) {
        Evidence evidence = TestLog.evidence(Draft.succeeded("1"));

        assertInvalid(Why.PROOF_MALFORMED, new Evidence(evidence.receipt(), proof, evidence.documents()));
    }

    @Test
    void a_checkpoint_of_another_key_or_name_is_not_trusted() {
        Evidence evidence = TestLog.evidence(Draft.succeeded("1"));
        LogKey other = new LogKey(TestLog.ORIGIN, Ed25519SigningKey.generate());
        LogKey otherName = new LogKey(TestLog.ORIGIN.replace("/1", "/2"), Ed25519SigningKey.of(TestLog.SEED));

        assertInvalid(
                Why.CHECKPOINT_UNTRUSTED, TestLog.verifier(other.verifierKey()).verify(evidence));
        assertInvalid(
                Why.CHECKPOINT_UNTRUSTED,
                TestLog.verifier(otherName.verifierKey()).verify(evidence));
    }

    @Test
    void a_log_that_is_no_ledgers_is_not_trusted() {
        for (String origin : List.of(
                "example.com/log",
                "openexec.dev/ledger/" + Draft.LEDGER,
                "openexec.dev/ledger/" + Draft.LEDGER + "/0",
                "openexec.dev/ledger/" + Draft.LEDGER + "/01",
                "openexec.dev/ledger/" + Draft.LEDGER + "/9999999",
                "openexec.dev/ledger/" + Draft.LEDGER.toUpperCase(Locale.ROOT) + "/1")) {
            TestLog log = new TestLog(origin);
            assertInvalid(
                    Why.CHECKPOINT_UNTRUSTED,
                    TestLog.verifier(log.key.verifierKey()).verify(log.evidenceOf(Draft.succeeded("1"))));
        }
    }

    @Test
    void a_receipt_that_the_log_does_not_have_is_refused() {
        TestLog log = new TestLog();
        Evidence evidence = log.evidenceOf(Draft.succeeded("1"));
        String other = Draft.succeeded("1").with("tenant", "other").receipt();

        assertInvalid(Why.NOT_INCLUDED, new Evidence(other, evidence.proof(), Map.of()));
        for (int index : List.of(0, 1, 2, 4)) {
            assertInvalid(Why.NOT_INCLUDED, new Evidence(evidence.receipt(), log.proof(index), Map.of()));
        }
        String elsewhere = evidence.proof().replace("index 3", "index 5");
        assertInvalid(Why.NOT_INCLUDED, new Evidence(evidence.receipt(), elsewhere, Map.of()));
    }

    @Test
    void a_receipt_of_another_ledger_is_refused() {
        Draft foreign = Draft.succeeded("1")
                .with("executor", Map.of("id", "f".repeat(32), "version", "1.0", "boot", Draft.SALT));

        assertInvalid(Why.LOG_FOREIGN, TestLog.evidence(foreign));
    }

    @Test
    void a_receipt_follows_none_that_stands_after_it() {
        String second = TestLog.ORIGIN.replace("/1", "/2");

        assertThat(VERIFIER.verify(TestLog.evidence(Draft.succeeded("1").after(2))))
                .isEqualTo(new Logged());
        assertInvalid(Why.PREVIOUS_LATER, TestLog.evidence(Draft.succeeded("1").after(3)));
        assertInvalid(Why.PREVIOUS_LATER, TestLog.evidence(Draft.succeeded("1").after(4)));
        assertInvalid(
                Why.PREVIOUS_LATER,
                TestLog.evidence(Draft.succeeded("1").with("previous", Map.of("log", second, "index", 0))));
        TestLog restored = new TestLog(second);
        assertThat(TestLog.verifier(restored.key.verifierKey())
                        .verify(restored.evidenceOf(Draft.succeeded("1").after(99))))
                .isEqualTo(new Logged());
    }

    @Test
    void a_document_that_no_subject_is_of_is_refused() {
        Evidence evidence = TestLog.evidence(Draft.succeeded("1"));

        assertInvalid(Why.DOCUMENT_UNKNOWN, with(evidence, "approval", "{}"));
        assertInvalid(Why.DOCUMENT_UNKNOWN, with(evidence, "", "{}"));
        assertInvalid(Why.DOCUMENT_UNKNOWN, with(TestLog.evidence(Draft.control()), "ledger", Draft.LEDGER));
    }

    @Test
    void a_document_with_another_digest_is_refused() {
        Evidence evidence = TestLog.evidence(Draft.succeeded("1"));

        for (String name : List.of("request", "result")) {
            assertInvalid(Why.DOCUMENT_CHANGED, with(evidence, name, "{}"));
            assertInvalid(Why.DOCUMENT_CHANGED, with(evidence, name, "\ud800"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"canonical\":\"{\\\"action\\\":\\\"transfer\\\",\\\"payload\\\":{}}\",\"nonce\":\"n\"}",
                "{\"canonical\":\"{\\\"action\\\":\\\"transfer\\\",\\\"payload\\\":{}}\",\"nonce\":\"n\",\"salt\":\"0\"}",
                "{\"canonical\":\"\",\"nonce\":\"n\",\"salt\":\"SALT\"}",
                "{\"canonical\":\"{}\",\"nonce\":\"n\",\"salt\":\"SALT\"}",
                "{\"canonical\":\"{\\\"action\\\":\\\"transfer\\\",\\\"payload\\\":1}\",\"nonce\":\"n\",\"salt\":\"SALT\"}",
                "{\"canonical\":\"{\\\"action\\\":1,\\\"payload\\\":{}}\",\"nonce\":\"n\",\"salt\":\"SALT\"}",
                "{\"canonical\":\"{\\\"action\\\":\\\"transfer\\\",\\\"payload\\\":{},\\\"z\\\":1}\",\"nonce\":\"n\",\"salt\":\"SALT\"}",
                "{\"canonical\":\"{\\\"action\\\": \\\"transfer\\\",\\\"payload\\\":{}}\",\"nonce\":\"n\",\"salt\":\"SALT\"}",
                "{\"canonical\":\"{\\\"payload\\\":{},\\\"action\\\":\\\"transfer\\\"}\",\"nonce\":\"n\",\"salt\":\"SALT\"}",
                "{\"canonical\":\"{\\\"action\\\":\\\"transfer\\\",\\\"payload\\\":{\\\"a\\\":1.00}}\",\"nonce\":\"n\",\"salt\":\"SALT\"}",
                "{\"canonical\":\"{\\\"action\\\":\\\"transfer\\\",\\\"payload\\\":{}}\",\"nonce\":1,\"salt\":\"SALT\"}",
                "{\"canonical\":\"{\\\"action\\\":\\\"transfer\\\",\\\"payload\\\":{}}\",\"more\":1,\"nonce\":\"n\",\"salt\":\"SALT\"}",
                "{\"nonce\":\"n\",\"canonical\":\"{\\\"action\\\":\\\"transfer\\\",\\\"payload\\\":{}}\",\"salt\":\"SALT\"}",
            })
    void a_request_has_one_form(String text) {
        assertBent(Why.DOCUMENT_MALFORMED, Draft.succeeded("1"), "request", text.replace("SALT", Draft.SALT));
    }

    @Test
    void a_request_is_of_the_action() {
        String canonical = Draft.CANONICAL.replace("transfer", "transfes");
        Draft draft = Draft.succeeded("1").document("request", "canonical", canonical, "nonce", "n");

        assertInvalid(Why.DOCUMENT_CONTRADICTS, TestLog.evidence(draft));
    }

    @Test
    void a_result_has_one_form_and_its_version_1_receipt() {
        String id = Draft.executionId(1);
        for (String result : List.of("", "{\"a\":1}", "{\"b\": 1, \"a\": 1}", "\"\u00e9\"", "1.00", " 1", "NaN")) {
            Draft draft = Draft.succeeded("1").document("result", "receipt", Draft.v1(id, result), "result", result);
            assertInvalid(Why.DOCUMENT_MALFORMED, TestLog.evidence(draft));
        }
        Draft noHash = Draft.succeeded("1").document("result", "receipt", "", "result", "1");
        assertInvalid(Why.DOCUMENT_MALFORMED, TestLog.evidence(noHash));
        Draft more = Draft.succeeded("1").document("result", "receipt", Draft.v1(id, "1"), "result", "1", "x", "");
        assertInvalid(Why.DOCUMENT_MALFORMED, TestLog.evidence(more));
        Draft other =
                Draft.succeeded("1").document("result", "receipt", Draft.v1(Draft.executionId(2), "1"), "result", "1");
        assertInvalid(Why.DOCUMENT_CONTRADICTS, TestLog.evidence(other));
        Draft spaced = Draft.succeeded("{\"a\": 1, \"b\": [2, 3.5, \"\\u00e9\"]}");
        assertThat(VERIFIER.verify(TestLog.evidence(spaced))).isEqualTo(new Logged());
    }

    @Test
    void a_resolution_has_one_form() {
        Draft resolution = Draft.of("resolution", "failed").with("code", "c").after(2);

        resolution.document("resolution", "actor", "alice", "evidence", "ticket 1");
        assertThat(VERIFIER.verify(TestLog.evidence(resolution))).isEqualTo(new Logged());
        resolution.document("resolution", "actor", "alice");
        assertInvalid(Why.DOCUMENT_MALFORMED, TestLog.evidence(resolution));
        resolution.document("resolution", "actor", "alice", "evidence", "ticket 1", "more", "");
        assertInvalid(Why.DOCUMENT_MALFORMED, TestLog.evidence(resolution));
    }

    @Test
    void an_approval_is_the_one_that_the_receipt_names_whoever_signed_it() {
        String[][] others = {
            {Draft.approvalId(2), Draft.TENANT, Draft.CANONICAL},
            {Draft.approvalId(1), "other", Draft.CANONICAL},
            {Draft.approvalId(1), Draft.TENANT, "{}"}
        };
        for (String[] other : others) {
            String artifact = Draft.artifact(Draft.APPROVER, other[0], other[1], other[2], ISSUED, EXPIRES);
            Evidence evidence = TestLog.evidence(Draft.succeeded("1").signed(artifact));
            assertInvalid(Why.DOCUMENT_CONTRADICTS, evidence);
            assertInvalid(Why.DOCUMENT_CONTRADICTS, LOG_ONLY.verify(evidence));
        }
        for (String noArtifact : List.of("", "[]", "{\"approval_id\":", "{\"a\":1}", "{\"a\":\"\",\"a\":\"\"}")) {
            assertInvalid(
                    Why.DOCUMENT_MALFORMED,
                    TestLog.evidence(Draft.succeeded("1").signed(noArtifact)));
        }
        assertInvalid(
                Why.DOCUMENT_CONTRADICTS, TestLog.evidence(Draft.succeeded("1").signed("{}")));
    }

    @Test
    void an_approval_verifies_again() {
        assertApprovalInvalid(Ed25519SigningKey.generate(), ISSUED, EXPIRES);
        assertApprovalInvalid(Draft.APPROVER, "2026-01-02T03:05:06", EXPIRES); // more than 60 s after the claim
        assertApprovalInvalid(Draft.APPROVER, "2026-01-02T03:00:00", "2026-01-02T03:04:05"); // 0.678 s before it
        assertApprovalInvalid(Draft.APPROVER, ISSUED, "2026-01-04T03:14:00"); // for longer than a day
        assertApproved("2026-01-02T03:05:05", EXPIRES);
        assertApproved("2026-01-02T03:00:00", "2026-01-02T03:04:05.678000");
    }

    @Test
    void a_receipt_for_another_tenant_was_not_approved() {
        String artifact =
                Draft.artifact(Draft.APPROVER, Draft.approvalId(1), "other", Draft.CANONICAL, ISSUED, EXPIRES);
        Evidence evidence =
                TestLog.evidence(Draft.succeeded("1").signed(artifact).with("tenant", "other"));

        assertThat(LOG_ONLY.verify(evidence)).isEqualTo(new Logged());
        assertInvalid(Why.APPROVAL_INVALID, evidence);
        assertInvalid(Why.APPROVAL_INVALID, without(evidence, "approval"));
    }

    @Test
    void a_policy_under_which_nobody_approves_verifies_no_approval() {
        assertThatIllegalArgumentException().isThrownBy(() -> LOG_ONLY.approvedBy(ApprovalPolicy.unsignedDemo()));
    }

    @Test
    void a_bundle_has_at_most_16_mebibytes() {
        String most = "a".repeat(Evidence.MAX_OCTETS / 4);
        Evidence evidence = new Evidence("", "", Map.of("a", most, "b", most, "c", most, "d", most.substring(100)));

        assertThat(Evidence.parse(evidence.json())).contains(evidence);
        Map<String, String> longer = Map.of("a", most, "b", most, "c", most, "d", most);
        assertThat(Evidence.parse(new Evidence("", "", longer).json())).isEmpty();
        assertThat(Evidence.parse(TestLog.utf8(new Evidence("", "", longer).json())))
                .isEmpty();
    }

    @Test
    void a_checkpoint_that_another_signed_in_the_log_s_name_is_not_trusted() {
        Evidence evidence = TestLog.evidence(Draft.succeeded("1"));
        String proof = evidence.proof();
        int signature = proof.lastIndexOf(' ') + 1 + 6; // behind the id of the key
        LogKey other = new LogKey(TestLog.ORIGIN, Ed25519SigningKey.generate());
        String another = other.checkpoint(4, Digest.ofUtf8("any root"));

        String forged = proof.substring(0, signature) + another.substring(another.lastIndexOf(' ') + 1 + 6);
        assertInvalid(
                Why.CHECKPOINT_UNTRUSTED,
                VERIFIER.verify(new Evidence(evidence.receipt(), forged, evidence.documents())));
    }

    @Test
    void witnesses_that_the_policy_knows_and_asks_for_are_counted() {
        TestLog log = new TestLog();
        Evidence evidence = log.evidenceOf(Draft.succeeded("1").signed());
        Ed25519SigningKey[] keys = {Ed25519SigningKey.generate(), Ed25519SigningKey.generate()};
        StringBuilder file = new StringBuilder("log " + log.key.verifierKey() + "\n");
        for (int i = 0; i < 2; i++) {
            VerifierKey key = new VerifierKey("w" + i, VerifierKey.Type.COSIGNATURE, keys[i].publicKey());
            file.append("witness w" + i + " " + key + "\n");
        }
        Verifier one = Verifier.of(Policy.parse(file + "group g 1 w0 w1\nquorum g\n"));
        Verifier all = Verifier.of(Policy.parse(file + "group g all w0 w1\nquorum g\n"));

        assertInvalid(Why.CHECKPOINT_UNTRUSTED, one.verify(evidence));
        Evidence first = cosigned(evidence, "w0", keys[0], 1_800_000_000);
        assertThat(one.verify(first)).isEqualTo(new Witnessed(1, 2, Instant.ofEpochSecond(1_800_000_000)));
        assertInvalid(Why.CHECKPOINT_UNTRUSTED, all.verify(first));
        Evidence both = cosigned(first, "w1", keys[1], 1_700_000_000);
        assertThat(all.verify(both)).isEqualTo(new Witnessed(2, 2, Instant.ofEpochSecond(1_800_000_000)));
        assertThat(all.approvedBy(Draft.APPROVERS).verify(both))
                .hasToString("APPROVED WITNESSED 2 of 2 at 2027-01-15T08:00:00Z");
        assertThat(LOG_ONLY.verify(both)).isEqualTo(new Logged()); // whom it does not know it does not count
    }

    private static Evidence cosigned(Evidence evidence, String name, Ed25519SigningKey key, long seconds) {
        String proof = evidence.proof();
        String checkpoint = TlogProof.parse(proof).orElseThrow().checkpoint();
        String text = checkpoint.substring(0, checkpoint.indexOf("\n\n") + 1);
        String line = Cosignature.line(text, name, key, Instant.ofEpochSecond(seconds));
        return new Evidence(evidence.receipt(), proof + line, evidence.documents());
    }

    @Test
    void a_verdict_reads_as_a_line() {
        assertThat(VERIFIER.verify(TestLog.evidence(Draft.succeeded("1").signed())))
                .hasToString("APPROVED LOGGED");
        assertThat(VERIFIER.verify("")).hasToString("INVALID evidence-malformed");
    }

    private static void assertApproved(String issued, String expires) {
        String artifact =
                Draft.artifact(Draft.APPROVER, Draft.approvalId(1), Draft.TENANT, Draft.CANONICAL, issued, expires);
        assertThat(VERIFIER.verify(TestLog.evidence(Draft.succeeded("1").signed(artifact))))
                .isInstanceOf(Approved.class);
    }

    private static void assertApprovalInvalid(Ed25519SigningKey key, String issued, String expires) {
        String artifact = Draft.artifact(key, Draft.approvalId(1), Draft.TENANT, Draft.CANONICAL, issued, expires);
        Evidence evidence = TestLog.evidence(Draft.succeeded("1").signed(artifact));
        assertInvalid(Why.APPROVAL_INVALID, evidence);
        assertThat(LOG_ONLY.verify(evidence)).isEqualTo(new Logged());
    }

    /** With a document in place of the right one, and subject and log made for it. */
    private static void assertBent(Why why, Draft draft, String document, String text) {
        Map<String, String> documents = new HashMap<>(draft.documents());
        documents.put(document, text);
        assertInvalid(why, TestLog.evidence(draft, documents));
    }

    private static Evidence with(Evidence evidence, String name, String text) {
        Map<String, String> documents = new HashMap<>(evidence.documents());
        documents.put(name, text);
        return new Evidence(evidence.receipt(), evidence.proof(), documents);
    }

    private static Evidence without(Evidence evidence, String name) {
        Map<String, String> documents = new HashMap<>(evidence.documents());
        assertThat(documents.remove(name)).isNotNull();
        return new Evidence(evidence.receipt(), evidence.proof(), documents);
    }

    private static void assertInvalid(Why why, Evidence evidence) {
        assertInvalid(why, VERIFIER.verify(evidence));
    }

    private static void assertInvalid(Why why, Verdict verdict) {
        assertThat(verdict).isEqualTo(new Invalid(why));
    }
}
