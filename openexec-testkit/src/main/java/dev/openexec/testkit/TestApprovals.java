package dev.openexec.testkit;

import dev.openexec.ExecutionRequest;
import dev.openexec.approval.ApprovalKey;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * An approver for tests: mints version 1 approvals with a key of its own. The only place in OpenExec that holds a private
 * key. Immutable.
 *
 * <p>Build the executor with {@link #policy}, or start a server with {@link #publicKeyPem}, and approve what is to run. A
 * ledger takes no approval that is older than itself: approve after it was opened, or by the same {@link SettableClock}.
 * What is to be refused is made from a draft.
 */
public final class TestApprovals {

    private static final Duration LIFETIME = Duration.ofMinutes(5);
    private static final byte[] SPKI_PREFIX = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

    private final String tenant;
    private final byte[] seed;

    private TestApprovals(String tenant, byte[] seed) {
        this.tenant = tenant;
        this.seed = seed;
    }

    /**
     * {@return an approver with a new random key}
     *
     * @param tenant for whom it approves
     */
    public static TestApprovals forTenant(String tenant) {
        byte[] seed = new byte[Ed25519.SECRET_KEY_SIZE];
        new SecureRandom().nextBytes(seed);
        return new TestApprovals(tenant, seed);
    }

    /** {@return the tenant for whom it approves} */
    public String tenant() {
        return tenant;
    }

    /** {@return the public key} */
    public ApprovalKey key() {
        return ApprovalKey.fromBytes(publicKey());
    }

    /** {@return the public key as a PEM block, as {@code CLAWSHIELD_PUBLIC_KEY} takes it} */
    public String publicKeyPem() {
        byte[] der = new byte[SPKI_PREFIX.length + Ed25519.PUBLIC_KEY_SIZE];
        System.arraycopy(SPKI_PREFIX, 0, der, 0, SPKI_PREFIX.length);
        System.arraycopy(publicKey(), 0, der, SPKI_PREFIX.length, Ed25519.PUBLIC_KEY_SIZE);
        return "-----BEGIN PUBLIC KEY-----\n" + Base64.getEncoder().encodeToString(der)
                + "\n-----END PUBLIC KEY-----\n";
    }

    /** {@return the policy that trusts this approver alone} */
    public ApprovalPolicy policy() {
        return ApprovalPolicy.signedBy(tenant, List.of(key()));
    }

    /**
     * {@return an approval of exactly this request, with a new id, issued now and valid for five minutes}
     *
     * @param request whose action and payload are signed; the nonce is not part of it
     * @param now by the clock of the executor that will judge it
     */
    public String approve(ExecutionRequest request, Instant now) {
        return draft(request, now).sign();
    }

    /**
     * {@return an approval of exactly this action with this payload, with a new id, issued now and valid for five minutes}
     *
     * @param action the action's name
     * @param payload the action's payload
     * @param now by the clock of the executor that will judge it
     */
    public String approve(String action, Json payload, Instant now) {
        return draft(action, payload, now).sign();
    }

    /**
     * {@return what {@link #approve(String, Json, Instant)} would sign, to be changed before or after it is signed}
     *
     * @param action the action's name
     * @param payload the action's payload
     * @param now by the clock of the executor that will judge it
     */
    public Draft draft(String action, Json payload, Instant now) {
        return draft(ExecutionRequest.of(action, payload, "any nonce"), now);
    }

    /**
     * {@return what {@link #approve(ExecutionRequest, Instant)} would sign, to be changed before or after it is signed}
     *
     * @param request whose action and payload are signed
     * @param now by the clock of the executor that will judge it
     */
    public Draft draft(ExecutionRequest request, Instant now) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("approval_id", UUID.randomUUID().toString());
        members.put("tenant_id", tenant);
        members.put("action_hash", request.hash().hex());
        members.put("issued_at", naiveUtc(now));
        members.put("expires_at", naiveUtc(now.plus(LIFETIME)));
        return new Draft(members);
    }

    /**
     * {@return a time as approvals carry it: naive UTC, whole seconds}
     *
     * @param time cut to the second
     */
    public static String naiveUtc(Instant time) {
        return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(
                time.truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC));
    }

    private byte[] publicKey() {
        byte[] key = new byte[Ed25519.PUBLIC_KEY_SIZE];
        Ed25519.generatePublicKey(seed, 0, key, 0);
        return key;
    }

    /**
     * An artifact in the making. Immutable. Its members are {@code approval_id}, {@code tenant_id}, {@code action_hash},
     * {@code issued_at} and {@code expires_at} (for the times see {@link #naiveUtc}), and {@code signature} once signed.
     */
    public final class Draft {

        private final Map<String, String> members;

        private Draft(Map<String, String> members) {
            this.members = members;
        }

        /**
         * {@return the same with another value for a member}
         *
         * @param member its name
         * @param value its value
         */
        public Draft with(String member, String value) {
            Map<String, String> changed = new LinkedHashMap<>(members);
            changed.put(member, value);
            return new Draft(changed);
        }

        /** {@return the artifact, validly signed} */
        public String sign() {
            return signed(Map.of());
        }

        /**
         * {@return the artifact, signed, and then changed}
         *
         * @param member the name of what is changed
         * @param value its new value
         */
        public String signThenChange(String member, String value) {
            return signed(Map.of(member, value));
        }

        private String signed(Map<String, String> changes) {
            Map<String, String> artifact = new LinkedHashMap<>(members);
            artifact.put("signature", signature());
            artifact.putAll(changes);
            return Json.of(artifact).canonical();
        }

        private String signature() {
            byte[] message = String.join("", members.values()).getBytes(StandardCharsets.UTF_8);
            byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
            Ed25519.sign(seed, 0, message, 0, message.length, signature, 0);
            return Base64.getEncoder().encodeToString(signature);
        }
    }
}
