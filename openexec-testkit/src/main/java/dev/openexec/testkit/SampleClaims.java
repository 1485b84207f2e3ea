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
 * Claims for tests of stores, made the way the executor makes them. Each has its own execution id and token. Immutable.
 *
 * @param nonce names the claim
 * @param tenant empty for an unsigned claim
 * @param approvalId null for an unsigned claim
 * @param kind AT_MOST_ONCE, unless said otherwise
 * @param actionDigest some code's, unless said otherwise
 * @param payload canonical text, for the store just text
 * @param at when it is claimed; an approval was issued then and is good for an hour, unless said otherwise
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

    /** Claims nothing but the nonce. */
    public static SampleClaims unsigned(String nonce, Instant at) {
        return new SampleClaims(nonce, "", null, Kind.AT_MOST_ONCE, CODE, "{}", at, at, at.plus(Duration.ofHours(1)));
    }

    /** Spends an approval of its own. */
    public static SampleClaims signed(String tenant, String nonce, Instant at) {
        String approvalId = UUID.randomUUID().toString();
        return new SampleClaims(
                nonce, tenant, approvalId, Kind.AT_MOST_ONCE, CODE, "{}", at, at, at.plus(Duration.ofHours(1)));
    }

    /** Under another approval, which may have been used elsewhere. */
    public SampleClaims spending(String approvalId) {
        return new SampleClaims(nonce, tenant, approvalId, kind, actionDigest, payload, at, issuedAt, expiresAt);
    }

    /** Under an approval of this lifetime. */
    public SampleClaims approved(Instant from, Instant until) {
        return new SampleClaims(nonce, tenant, approvalId, kind, actionDigest, payload, at, from, until);
    }

    public SampleClaims carrying(String payload) {
        return new SampleClaims(nonce, tenant, approvalId, kind, actionDigest, payload, at, issuedAt, expiresAt);
    }

    /** Of an action of this kind. */
    public SampleClaims of(Kind kind) {
        return new SampleClaims(nonce, tenant, approvalId, kind, actionDigest, payload, at, issuedAt, expiresAt);
    }

    /** Of an action that came from this code, or from code that nobody knows. */
    public SampleClaims from(@Nullable Digest actionDigest) {
        return new SampleClaims(nonce, tenant, approvalId, kind, actionDigest, payload, at, issuedAt, expiresAt);
    }

    /** A new claim of these keys. */
    public Claim claim() {
        Digest untenanted = nonceKey("", nonce);
        return new Claim(
                UUID.randomUUID(),
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

    private static String randomHex() {
        return UUID.randomUUID().toString().replace("-", "");
    }
}
