package dev.openexec.approval;

import dev.openexec.approval.InvalidApprovalException.Fault;
import java.time.Duration;
import java.time.Instant;

/**
 * An approval that was verified: by a trusted key, for this request and this tenant. Only an {@link ApprovalPolicy} makes
 * one. Immutable.
 */
public final class Approval {

    /** How far the issuer's clock may be ahead of ours. */
    private static final Duration ISSUER_SKEW = Duration.ofSeconds(60);

    private final ArtifactV1 artifact;
    private final String text;

    Approval(ArtifactV1 artifact, String text) {
        this.artifact = artifact;
        this.text = text;
    }

    /** {@return the approval's id: a lower-case UUID, chosen by the issuer} */
    public String id() {
        return artifact.approvalId();
    }

    /** {@return when it was issued, by the issuer's clock; to the microsecond} */
    public Instant issuedAt() {
        return artifact.issuedAt();
    }

    /** {@return the last instant at which it may be spent} */
    public Instant expiresAt() {
        return artifact.expiresAt();
    }

    /** {@return the artifact as it was handed in} */
    public String text() {
        return text;
    }

    /**
     * Checks that it may be spent at this time. Not needed for a replay: an answer once given is given again.
     *
     * @param now by the executor's clock
     * @throws InvalidApprovalException {@code NOT_YET_VALID} if issued more than 60 s after now, {@code EXPIRED} if now
     *     is after its expiry
     */
    public void requireSpendableAt(Instant now) throws InvalidApprovalException {
        if (isFromTheFuture(now)) {
            throw new InvalidApprovalException(Fault.NOT_YET_VALID, "issued-in-future");
        }
        if (hasExpired(now)) {
            throw new InvalidApprovalException(Fault.EXPIRED, "expired");
        }
    }

    /**
     * {@return whether {@link #requireSpendableAt} passes}
     *
     * @param now by the executor's clock
     */
    public boolean isSpendableAt(Instant now) {
        return !isFromTheFuture(now) && !hasExpired(now);
    }

    private boolean isFromTheFuture(Instant now) {
        return issuedAt().isAfter(now.plus(ISSUER_SKEW));
    }

    private boolean hasExpired(Instant now) {
        return now.isAfter(expiresAt());
    }
}
