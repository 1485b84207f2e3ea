package dev.openexec.testkit;

import dev.openexec.action.Kind;
import dev.openexec.approval.Authority;
import dev.openexec.json.Digest;
import dev.openexec.store.Claim;
import dev.openexec.store.SpentApproval;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Claims for tests of stores, made the way the executor makes them. Each has its own execution id and token. For what a
 * store does beyond its contract: {@code store.write(new Write.Insert(SampleClaims.signed("acme", "n", now).claim(), null,
 * null))}. Immutable.
 *
 * @param nonce names the claim
 * @param tenant empty for an unsigned claim
 * @param approvalId null for an unsigned claim
 * @param kind AT_MOST_ONCE, unless said otherwise
 * @param actionDigest some code's, unless said otherwise
 * @param payload canonical text, for the store just text
 * @param at when it is claimed
 * @param issuedAt of the approval; when it is claimed, unless said otherwise
 * @param expiresAt of the approval; an hour after it is claimed, unless said otherwise
 */
public record SampleClaims(
        String nonce,
        String tenant,
        @Nullable String approvalId,
        Kind kind,
        @Nullable Digest actionDigest,
        String payload,
        Instant at,
        Instant issuedAt,
        Instant expiresAt) {

    private static final Digest CODE = Digest.ofUtf8("code");

    /**
     * {@return what claims nothing but the nonce}
     *
     * @param nonce names the claim
     * @param at when it is claimed
     */
    public static SampleClaims unsigned(String nonce, Instant at) {
        return new SampleClaims(nonce, "", null, Kind.AT_MOST_ONCE, CODE, "{}", at, at, at.plus(Duration.ofHours(1)));
    }

    /**
     * {@return what spends an approval of its own}
     *
     * @param tenant not empty
     * @param nonce names the claim
     * @param at when it is claimed
     */
    public static SampleClaims signed(String tenant, String nonce, Instant at) {
        String approvalId = UUID.randomUUID().toString();
        return new SampleClaims(
                nonce, tenant, approvalId, Kind.AT_MOST_ONCE, CODE, "{}", at, at, at.plus(Duration.ofHours(1)));
    }

    /**
     * {@return the same under another approval, which may have been used elsewhere}
     *
     * @param approvalId the approval's id
     */
    public SampleClaims spending(String approvalId) {
        return new SampleClaims(nonce, tenant, approvalId, kind, actionDigest, payload, at, issuedAt, expiresAt);
    }

    /**
     * {@return the same under an approval of this lifetime}
     *
     * @param from when it is issued
     * @param until when it expires
     */
    public SampleClaims approved(Instant from, Instant until) {
        return new SampleClaims(nonce, tenant, approvalId, kind, actionDigest, payload, at, from, until);
    }

    /**
     * {@return the same with another payload}
     *
     * @param payload any well-formed text
     */
    public SampleClaims carrying(String payload) {
        return new SampleClaims(nonce, tenant, approvalId, kind, actionDigest, payload, at, issuedAt, expiresAt);
    }

    /**
     * {@return the same of an action of this kind}
     *
     * @param kind of the action
     */
    public SampleClaims of(Kind kind) {
        return new SampleClaims(nonce, tenant, approvalId, kind, actionDigest, payload, at, issuedAt, expiresAt);
    }

    /**
     * {@return the same of an action that came from other code}
     *
     * @param actionDigest of the code; null if it is not known
     */
    public SampleClaims from(@Nullable Digest actionDigest) {
        return new SampleClaims(nonce, tenant, approvalId, kind, actionDigest, payload, at, issuedAt, expiresAt);
    }

    /** {@return a new claim of these keys, with an execution id and a token of its own} */
    public Claim claim() {
        Digest untenanted = nonceKey("", nonce);
        return new Claim(
                timeOrdered(),
                tenant.isEmpty() ? untenanted : nonceKey(tenant, nonce),
                untenanted,
                approvalId == null ? Authority.UNSIGNED : Authority.V1,
                approvalId == null ? null : approval(approvalId),
                Digest.ofUtf8(payload),
                tenant,
                nonce,
                "sample",
                kind,
                actionDigest,
                payload,
                randomHex(),
                randomHex(),
                at);
    }

    private SpentApproval approval(String id) {
        Digest key = Digest.ofFields("openexec/approval/1", utf8(tenant), utf8(id), new byte[4]);
        return new SpentApproval(key, id, "{\"approval_id\": \"" + id + "\"}", issuedAt, expiresAt);
    }

    private static Digest nonceKey(String tenant, String nonce) {
        return Digest.ofFields("openexec/nonce/1", utf8(tenant), utf8(nonce));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A UUIDv7 (RFC 9562 section 5.7), as the executor makes them: their order is that of the claims. */
    private UUID timeOrdered() {
        UUID random = UUID.randomUUID();
        long high = (at.toEpochMilli() << 16) | 0x7000 | (random.getMostSignificantBits() & 0xfff);
        return new UUID(high, random.getLeastSignificantBits());
    }

    private static String randomHex() {
        return UUID.randomUUID().toString().replace("-", "");
    }
}
