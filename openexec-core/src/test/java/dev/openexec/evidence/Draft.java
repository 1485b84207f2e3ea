package dev.openexec.evidence;

import dev.openexec.approval.ApprovalKey;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.json.Digest;
import dev.openexec.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A receipt in the making with its documents, right as it is, to be bent by a test. */
final class Draft {

    static final String LEDGER = "00112233445566778899aabbccddeeff";
    static final String TENANT = "acme";
    static final String SALT = "0123456789abcdef0123456789abcdef";
    static final String CANONICAL = "{\"action\":\"transfer\",\"payload\":{\"cents\":100,\"to\":\"caf\\u00e9\"}}";
    static final Ed25519SigningKey APPROVER = Ed25519SigningKey.of(new byte[32]);
    static final ApprovalPolicy APPROVERS = ApprovalPolicy.signedBy(
            TENANT, List.of(ApprovalKey.fromBytes(APPROVER.publicKey().bytes())));

    final Map<String, Object> statement = new TreeMap<>();
    final Map<String, Object> predicate = new TreeMap<>();
    final Map<String, Map<String, Object>> documents = new LinkedHashMap<>();
    private List<Map<String, Object>> fixedSubjects = List.of();

    /** Of a first phase that needs no receipt before it; PURE and unsigned. */
    static Draft of(String phase, String status) {
        Draft draft = bare(phase, status);
        draft.with("execId", executionId(1))
                .with("action", "transfer")
                .with("kind", "PURE")
                .with("tenant", TENANT)
                .with("authority", "unsigned")
                .with("attempt", 1)
                .with("claimedAt", "2026-01-02T03:04:05.678Z");
        draft.document("request", "canonical", CANONICAL, "nonce", "n-1");
        return draft;
    }

    /** About no execution. */
    static Draft bare(String phase, String status) {
        Draft draft = new Draft();
        draft.statement.put("_type", "https://in-toto.io/Statement/v1");
        draft.statement.put("predicateType", "https://openexec.dev/receipt/v2");
        draft.with("phase", phase)
                .with("status", status)
                .with("at", "2026-01-02T03:04:05.700Z")
                .with("executor", Map.of("id", LEDGER, "version", "1.0", "boot", SALT));
        if (!List.of("intent", "outcome", "resolution").contains(phase)) {
            draft.fixedSubjects = List.of(subject("ledger", LEDGER));
        }
        return draft;
    }

    static Draft refusal() {
        return bare("refusal", "refused")
                .with("reason", "approval-expired")
                .with("authority", "v1")
                .with("tenant", TENANT);
    }

    static Draft control() {
        return bare("control", "log-opened").with("details", Map.of("actor", "alice"));
    }

    static Draft succeeded(String result) {
        Draft draft = of("outcome", "succeeded");
        draft.document("result", "receipt", v1(executionId(1), result), "result", result);
        return draft;
    }

    static String v1(String executionId, String result) {
        return Digest.ofUtf8(executionId + ":" + result).hex();
    }

    static String executionId(int number) {
        return String.format("01900000-0000-7000-8000-%012x", number);
    }

    static String approvalId(int number) {
        return String.format("aaaaaaaa-0000-4000-8000-%012x", number);
    }

    Draft signed() {
        return signed(
                artifact(APPROVER, approvalId(1), TENANT, CANONICAL, "2026-01-02T03:04:00", "2026-01-02T03:14:00"));
    }

    Draft signed(String artifact) {
        document("approval", "artifact", artifact);
        return with("authority", "v1").with("approval", Map.of("id", approvalId(1)));
    }

    static String artifact(
            Ed25519SigningKey key, String id, String tenant, String canonical, String issued, String expires) {
        String hash = Digest.ofUtf8(canonical).hex();
        byte[] message = (id + tenant + hash + issued + expires).getBytes(StandardCharsets.US_ASCII);
        Map<String, String> members = new LinkedHashMap<>();
        members.put("approval_id", id);
        members.put("tenant_id", tenant);
        members.put("action_hash", hash);
        members.put("issued_at", issued);
        members.put("expires_at", expires);
        members.put("signature", Base64.getEncoder().encodeToString(key.sign(message)));
        return Json.of(members).spaced();
    }

    /** The same of another execution, the result's hash included. */
    Draft of(int execution) {
        Map<String, Object> result = documents.get("result");
        if (result != null) {
            result.put("receipt", v1(executionId(execution), String.valueOf(result.get("result"))));
        }
        return with("execId", executionId(execution));
    }

    Draft after(long index) {
        return with("previous", Map.of("log", TestLog.ORIGIN, "index", index));
    }

    Draft with(String member, Object value) {
        predicate.put(member, value);
        return this;
    }

    Draft without(String member) {
        assert predicate.containsKey(member);
        predicate.remove(member);
        return this;
    }

    Draft subjects(List<Map<String, Object>> subjects) {
        fixedSubjects = subjects;
        return this;
    }

    Draft document(String name, String... members) {
        Map<String, Object> document = new TreeMap<>(Map.of("salt", SALT));
        for (int i = 0; i < members.length; i += 2) {
            document.put(members[i], members[i + 1]);
        }
        documents.put(name, document);
        return this;
    }

    Map<String, String> documents() {
        Map<String, String> texts = new LinkedHashMap<>();
        documents.forEach(
                (name, members) -> texts.put(name, Json.ofDocument(members).jcs()));
        return texts;
    }

    String receipt() {
        return receipt(documents());
    }

    /** The receipt that speaks of these documents. */
    String receipt(Map<String, String> texts) {
        List<Map<String, Object>> subjects = new ArrayList<>(fixedSubjects);
        if (subjects.isEmpty()) {
            for (String name : List.of("request", "approval", "result", "resolution")) {
                if (texts.containsKey(name)) {
                    subjects.add(subject(name, texts.get(name)));
                }
            }
        }
        statement.put("subject", subjects);
        statement.put("predicate", predicate);
        return Json.of(statement).jcs();
    }

    static Map<String, Object> subject(String name, String text) {
        return Map.of(
                "name", name, "digest", Map.of("sha256", Digest.ofUtf8(text).hex()));
    }
}
