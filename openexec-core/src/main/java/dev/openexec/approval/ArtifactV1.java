package dev.openexec.approval;

import dev.openexec.approval.InvalidApprovalException.Fault;
import dev.openexec.json.Json;
import dev.openexec.json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A version 1 artifact that keeps the grammar, nothing verified yet.
 *
 * <p>The signed message is the concatenation of the five fields without separators. The grammar makes it unambiguous: the
 * id always has 36 octets, the hash 64, each time 19 or 26, so that read from the right every message has at most one
 * parse, and moving a boundary always leaves the grammar.
 */
record ArtifactV1(
        String approvalId,
        String tenantId,
        String actionHash,
        Instant issuedAt,
        Instant expiresAt,
        String signedText,
        String signature) {

    private static final Set<String> MEMBERS =
            Set.of("approval_id", "tenant_id", "action_hash", "issued_at", "expires_at", "signature");

    /** Several times what six members of that grammar need, escaped and indented. */
    private static final int MAX_TEXT = 8192;

    private static final Pattern APPROVAL_ID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    static final Pattern TENANT_ID = Pattern.compile("[\\x21-\\x7e]{1,128}");
    private static final Pattern ACTION_HASH = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern SIGNATURE = Pattern.compile("[A-Za-z0-9+/]{86}==");

    static ArtifactV1 parse(String text) throws InvalidApprovalException {
        Json json = members(text);
        String approvalId = field(json, "approval_id", APPROVAL_ID);
        String tenantId = field(json, "tenant_id", TENANT_ID);
        String actionHash = field(json, "action_hash", ACTION_HASH);
        String issuedAt = field(json, "issued_at", NaiveUtc.FORM);
        String expiresAt = field(json, "expires_at", NaiveUtc.FORM);
        Instant issued = NaiveUtc.parse(issuedAt);
        Instant expires = NaiveUtc.parse(expiresAt);
        String signature = string(json, "signature");
        checkSignatureForm(signature);
        String message = approvalId + tenantId + actionHash + issuedAt + expiresAt;
        return new ArtifactV1(approvalId, tenantId, actionHash, issued, expires, message, signature);
    }

    private static Json members(String text) throws InvalidApprovalException {
        if (text.length() > MAX_TEXT) {
            throw malformed("too-long");
        }
        Json json;
        try {
            json = Json.parse(text);
        } catch (MalformedJsonException e) {
            throw malformed(e.rule());
        }
        if (json.type() != Json.Type.OBJECT) {
            throw malformed("not-object");
        }
        if (!json.names().equals(MEMBERS)) {
            throw malformed("member-set");
        }
        for (String member : MEMBERS) {
            if (json.get(member).orElseThrow().type() != Json.Type.STRING) {
                throw malformed("member-type");
            }
        }
        return json;
    }

    private static String string(Json json, String member) {
        return json.get(member).orElseThrow().asString();
    }

    private static String field(Json json, String member, Pattern form) throws InvalidApprovalException {
        String value = string(json, member);
        if (!form.matcher(value).matches()) {
            throw malformed(member + "-grammar");
        }
        return value;
    }

    private static void checkSignatureForm(String base64) throws InvalidApprovalException {
        if (!SIGNATURE.matcher(base64).matches()) {
            throw malformed("signature-base64-grammar");
        }
        byte[] signature = Base64.getDecoder().decode(base64);
        if (!Base64.getEncoder().encodeToString(signature).equals(base64)) {
            throw malformed("signature-base64-noncanonical");
        }
        if (!Ed25519.hasCanonicalS(signature)) {
            throw malformed("signature-S-range");
        }
    }

    /** Whether this key signed it. */
    boolean isSignedBy(ApprovalKey key) {
        return key.verifies(
                signedText.getBytes(StandardCharsets.US_ASCII),
                Base64.getDecoder().decode(signature));
    }

    static InvalidApprovalException malformed(String rule) {
        return new InvalidApprovalException(Fault.MALFORMED, rule);
    }
}
