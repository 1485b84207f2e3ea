package dev.openexec.examples;

import dev.openexec.approval.ApprovalKey;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.evidence.Evidence;
import dev.openexec.evidence.LogKey;
import dev.openexec.evidence.TlogProof;
import dev.openexec.evidence.TreeEdge;
import dev.openexec.evidence.TreeReader;
import dev.openexec.json.Digest;
import dev.openexec.json.Json;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Receipts of every kind with proof and documents, made from one seed; some of them not quite what they should be. */
final class SampleEvidence {

    static final String TENANT = "acme";
    static final Ed25519SigningKey APPROVER = Ed25519SigningKey.of(new byte[32]);
    static final ApprovalPolicy APPROVERS = ApprovalPolicy.signedBy(
            TENANT, List.of(ApprovalKey.fromBytes(APPROVER.publicKey().bytes())));
    static final LogKey LOG;

    private static final String LEDGER = "00112233445566778899aabbccddeeff";
    private static final String ORIGIN = "openexec.dev/ledger/" + LEDGER + "/2";
    private static final String EXECUTION_ID = "01900000-0000-7000-8000-00000000000a";
    private static final String APPROVAL_ID = "aaaaaaaa-0000-4000-8000-00000000000b";
    private static final String SALT = "0123456789abcdef0123456789abcdef";
    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "caf\u00e9",
            "\u007f\u0000\b\f\n\r\t\u001f",
            "\\u007f\\\\\"/<>&",
            "\u2028\ud83d\ude00\ufffd",
            "a: b, c");
    private static final List<String> NUMBERS = List.of(
            "0",
            "-1",
            "9007199254740993",
            "1" + "0".repeat(127),
            "0.0",
            "-0.0",
            "1.5",
            "0.1",
            "1e16",
            "1e+16",
            "1e23",
            "123456789012345.6",
            "1234567890123456.0",
            "0.0001",
            "0.00001",
            "5e-324",
            "2.2250738585072014e-308",
            "1.7976931348623157e308",
            "-1.25e-7",
            "100.0",
            "1e100",
            "12345678901234567890");

    static {
        byte[] seed = new byte[32];
        seed[0] = 1;
        LOG = new LogKey(ORIGIN, Ed25519SigningKey.of(seed));
    }

    private final Random random;
    private final Map<String, Object> predicate = new TreeMap<>();
    private final Map<String, String> documents = new LinkedHashMap<>();

    SampleEvidence(long seed) {
        random = new Random(seed);
    }

    /** As an executor would have made it, all documents there. */
    Evidence right() {
        List<String> receipts = new ArrayList<>();
        int before = random.nextInt(5);
        for (int i = 0; i < before; i++) {
            receipts.add("before " + i);
        }
        receipts.add(receipt(before));
        int after = random.nextInt(5);
        for (int i = 0; i < after; i++) {
            receipts.add("after " + i);
        }
        return new Evidence(receipts.get(before), proof(receipts, before), documents);
    }

    /** Or bent: another text in a document, in the receipt, or in the proof. */
    Evidence bent() {
        Evidence right = right();
        Map<String, String> texts = new HashMap<>(right.documents());
        switch (random.nextInt(4)) {
            case 0 -> texts.replaceAll((name, text) -> random.nextBoolean() ? flipped(text) : text);
            case 1 -> texts.put(one("request", "approval", "result", "resolution", "more"), "{}");
            case 2 -> {
                return new Evidence(flipped(right.receipt()), right.proof(), texts);
            }
            default -> {
                return new Evidence(right.receipt(), flipped(right.proof()), texts);
            }
        }
        return new Evidence(right.receipt(), right.proof(), texts);
    }

    /** With a proof of other lines: some of them are allowed. */
    Evidence rewritten() {
        Evidence right = right();
        String proof = right.proof();
        String signature = proof.substring(proof.lastIndexOf('\u2014'));
        String hash = Base64.getEncoder().encodeToString(new byte[32]);
        String other = switch (random.nextInt(16)) {
            case 0 -> proof.replace("\nindex ", "\nextra Zm9v\nindex ");
            case 1 -> proof.replace("\nindex ", "\nextra Zm9=\nindex ");
            case 2 -> proof.replace("\nindex ", "\nextra \nindex ");
            case 3 -> proof + signature;
            case 4 -> proof + signature.replace("/2 ", "/3 ");
            case 5 -> proof + signature.substring(0, signature.length() - 9) + "AAAAAAA=\n";
            case 6 -> proof + "\u2014 w\u00e9 AAAAAAA=\n";
            case 7 -> proof + "\u2014 w AAAAAA==\n";
            case 8 -> proof + "\u2014 w AAAAAAB=\n";
            case 9 -> proof + "\u2014 w\u00a0 AAAAAAA=\n";
            case 10 -> proof.replace("\n\n\u2014", "\n\nmore\n\n\u2014");
            case 11 -> proof.replace("\n\n\u2014", "\nmore\n\n\u2014");
            case 12 -> proof.replace("\nindex ", "\nindex 0");
            case 13 -> proof.replaceFirst("\n\n", "\n" + hash + "\n\n");
            case 14 -> proof.replaceFirst("\n[^\n]+\n\n", "\n\n");
            default -> proof.replace("\n", one("\n\n", "\r\n", " \n"));
        };
        return new Evidence(right.receipt(), other, right.documents());
    }

    /** The text with one bit of its UTF-8 changed, and read again. */
    private String flipped(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int bit = random.nextInt(bytes.length * 8);
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String receipt(int index) {
        predicate.put("at", "2024-02-29T23:59:59.999Z");
        predicate.put("executor", Map.of("id", LEDGER, "version", "1.0", "boot", SALT));
        String phase = one("intent", "outcome", "outcome", "outcome", "resolution", "refusal", "control");
        predicate.put("phase", phase);
        switch (phase) {
            case "refusal" -> refusal();
            case "control" -> control();
            default -> execution(phase, index);
        }
        List<Object> subjects = new ArrayList<>();
        documents.forEach((name, text) -> subjects.add(subject(name, text)));
        if (subjects.isEmpty()) {
            subjects.add(subject("ledger", LEDGER));
        }
        return Json.of(Map.of(
                        "_type",
                        "https://in-toto.io/Statement/v1",
                        "predicateType",
                        "https://openexec.dev/receipt/v2",
                        "predicate",
                        predicate,
                        "subject",
                        subjects))
                .jcs();
    }

    private void refusal() {
        predicate.put("status", "refused");
        predicate.put("reason", rarely("Reason", "approval-expired"));
        predicate.put("tenant", rarely("a b", TENANT));
        predicate.put("authority", one("v1", "unsigned"));
        if (random.nextInt(3) == 0) {
            predicate.put("rule", "expires_at-grammar");
            predicate.put("approval", Map.of("id", APPROVAL_ID));
        }
    }

    private void control() {
        predicate.put("status", rarely("", "log-opened"));
        if (random.nextBoolean()) {
            predicate.put("details", Map.of(rarely("a b", "actor"), one(TEXTS.toArray(new String[0]))));
        }
    }

    private void execution(String phase, int index) {
        String status = switch (phase) {
            case "intent" -> "authorized";
            case "outcome" -> one("succeeded", "succeeded", "failed", "indeterminate", "withdrawn");
            default -> one("succeeded", "failed");
        };
        String kind = one("PURE", "TRANSACTIONAL", "IDEMPOTENT", "AT_MOST_ONCE");
        int attempt = random.nextInt(4) > 0 ? 1 : 1 + random.nextInt(3);
        boolean signed = random.nextInt(3) > 0;
        String action = one("transfer", "caf\u00e9\u007f");
        predicate.put("status", status);
        predicate.put("execId", EXECUTION_ID);
        predicate.put("action", action);
        predicate.put("kind", kind);
        predicate.put("tenant", rarely("other", TENANT));
        predicate.put("authority", signed ? "v1" : "unsigned");
        predicate.put("attempt", attempt);
        predicate.put("claimedAt", rarely("2023-02-29T23:00:00.000Z", "2024-02-29T23:59:00.500Z"));
        if (status.equals("failed") || status.equals("indeterminate")) {
            predicate.put("code", "owner-died");
        }
        boolean first = phase.equals("intent") && attempt == 1;
        if (!first && (random.nextInt(8) > 0 || kind.equals("IDEMPOTENT"))) {
            predicate.put("previous", Map.of("log", ORIGIN, "index", index > 0 ? random.nextInt(index) : 0));
        }
        if (random.nextBoolean()) {
            predicate.put("actionDigest", Map.of("sha256", Digest.ofUtf8("code").hex()));
        }
        documents(action, status, phase, signed);
    }

    private void documents(String action, String status, String phase, boolean signed) {
        String canonical =
                Json.of(Map.of("action", action, "payload", payload())).canonical();
        document("request", Map.of("canonical", rarely(" " + canonical, canonical), "nonce", one("n", "\u007f")));
        if (signed) {
            predicate.put("approval", Map.of("id", APPROVAL_ID));
            document("approval", Map.of("artifact", artifact(canonical)));
        }
        if (status.equals("succeeded")) {
            String result = rarely("{\"a\":1}", payload().spaced());
            String receipt = Digest.ofUtf8(EXECUTION_ID + ":" + result).hex();
            document("result", Map.of("receipt", rarely("0".repeat(64), receipt), "result", result));
        }
        if (phase.equals("resolution")) {
            document("resolution", Map.of("actor", "alice", "evidence", one(TEXTS.toArray(new String[0]))));
        }
    }

    private String artifact(String canonical) {
        String id = rarely("aaaaaaaa-0000-4000-8000-00000000000c", APPROVAL_ID);
        String tenant = rarely("other", TENANT);
        String hash = Digest.ofUtf8(canonical).hex();
        String issued = one(
                "2024-02-29T23:50:00",
                "2024-02-29T23:50:00.000001",
                "2024-03-01T00:00:00.500000",
                rarely("2024-03-01T00:00:00.500001", "2024-02-29T23:50:00"),
                rarely("2024-02-30T00:00:00", "2024-02-29T00:00:00"));
        String expires = one(
                "2024-03-01T00:00:00",
                "2024-02-29T23:59:00.500000",
                "2024-03-01T23:50:00",
                rarely("2024-02-29T23:59:00.499999", "2024-03-01T00:00:00.600000"));
        byte[] message = (id + tenant + hash + issued + expires).getBytes(StandardCharsets.US_ASCII);
        byte[] signature = APPROVER.sign(random.nextInt(20) == 0 ? new byte[1] : message);
        Map<String, String> members = new TreeMap<>(Map.of(
                "approval_id", id,
                "tenant_id", tenant,
                "action_hash", hash,
                "issued_at", issued,
                "expires_at", expires,
                "signature", Base64.getEncoder().encodeToString(signature)));
        String json = random.nextBoolean()
                ? Json.of(members).spaced()
                : Json.of(members).canonical() + "\n";
        return random.nextInt(20) == 0 ? json.replace("{", "{\"tenant_id\":\"x\",") : json;
    }

    private Json payload() {
        Map<String, Object> payload = new HashMap<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            payload.put(one(TEXTS.toArray(new String[0])), value(3));
        }
        return Json.of(payload);
    }

    private Object value(int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 3)) {
            case 0 -> one(TEXTS.toArray(new String[0]));
            case 1, 2 -> number();
            case 3 -> random.nextBoolean();
            case 4 -> List.of(value(depth - 1), value(depth - 1));
            default -> Map.of(one(TEXTS.toArray(new String[0])), value(depth - 1));
        };
    }

    private Object number() {
        if (random.nextBoolean()) {
            double any = Double.longBitsToDouble(random.nextLong());
            return Double.isFinite(any) ? any : 1.5;
        }
        String text = NUMBERS.get(random.nextInt(NUMBERS.size()));
        return text.matches("-?[0-9]+") ? new BigInteger(text) : (Object) Double.valueOf(text);
    }

    private void document(String name, Map<String, String> members) {
        Map<String, String> all = new TreeMap<>(members);
        all.put("salt", rarely("", SALT));
        documents.put(name, Json.ofDocument(all).jcs());
    }

    private static Map<String, Object> subject(String name, String text) {
        return Map.of(
                "name", name, "digest", Map.of("sha256", Digest.ofUtf8(text).hex()));
    }

    private String proof(List<String> receipts, int index) {
        TreeEdge edge = TreeEdge.empty();
        receipts.forEach(receipt -> edge.append(receipt, (level, subtree, root) -> {}));
        List<Digest> path = new TreeReader((level, first, count) -> leaves(receipts, first, count), receipts.size())
                .inclusion(index);
        return new TlogProof(index, path, LOG.checkpoint(receipts.size(), edge.root())).text();
    }

    /** A tree of one leaf has the leaf's hash for its root. */
    private static List<Digest> leaves(List<String> receipts, long first, int count) {
        List<Digest> leaves = new ArrayList<>();
        for (String receipt : receipts.subList((int) first, (int) first + count)) {
            TreeEdge leaf = TreeEdge.empty();
            leaf.append(receipt, (level, subtree, root) -> {});
            leaves.add(leaf.root());
        }
        return leaves;
    }

    private String rarely(String wrong, String right) {
        return random.nextInt(25) == 0 ? wrong : right;
    }

    private String one(String... texts) {
        return texts[random.nextInt(texts.length)];
    }
}
