package dev.openexec.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of the ledger.
 *
 * @param claim what was known before its action was entered; its token is the one of the latest attempt
 * @param attempt 1 for the first entry
 * @param ending null while it is running
 * @param resolution who settled it by hand; null unless somebody did
 */
public record StoredExecution(
        Claim claim,
        int attempt,
        @Nullable Ending ending,
        @Nullable Resolution resolution) {

    /**
     * What stands behind an ending that a person supplied.
     *
     * @param actor who it was
     * @param evidence how they know
     */
    public record Resolution(String actor, String evidence) {}

    /**
     * A row that nobody settled by hand.
     *
     * @param claim what was known before its action was entered
     * @param attempt 1 for the first entry
     * @param ending null while it is running
     */
    public StoredExecution(Claim claim, int attempt, @Nullable Ending ending) {
        this(claim, attempt, ending, null);
    }

    /**
     * {@return whether this token is the one of this attempt}
     *
     * @param token of a claim
     * @param attempt 1 for the first entry
     */
    public boolean isHeldBy(String token, int attempt) {
        return claim.token().equals(token) && this.attempt == attempt;
    }

    /** {@return whether it has not ended} */
    public boolean isRunning() {
        return ending == null;
    }

    /**
     * {@return whether {@link Write.EraseResults} is about it}
     *
     * @param endedBefore the end of the retention
     */
    public boolean isErasable(Instant endedBefore) {
        return ending != null && ending.at().isBefore(endedBefore) && ending.result() != null;
    }

    /**
     * {@return whether {@link Write.Prune} is about it}
     *
     * @param endedBefore the end of the retention
     * @param expiredBefore by the executor's clock, the skew ago
     */
    public boolean isPrunable(Instant endedBefore, Instant expiredBefore) {
        SpentApproval approval = claim.approval();
        return ending != null
                && ending.at().isBefore(endedBefore)
                && ending.isKnown()
                && approval != null
                && approval.expiresAt().isBefore(expiredBefore);
    }

    /** {@return whether {@link Change.Erase} has been there} */
    public boolean isErased() {
        return claim.isErased();
    }

    /** {@return whether nobody knows how it ended} */
    public boolean isIndeterminate() {
        return ending != null && ending.state() == Ending.State.INDETERMINATE;
    }

    /**
     * {@return the same without its result}
     *
     * @throws IllegalStateException unless it has succeeded
     */
    public StoredExecution withoutResult() {
        if (ending == null || ending.state() != Ending.State.SUCCEEDED) {
            throw new IllegalStateException("Only a success has a result to be erased");
        }
        return new StoredExecution(
                claim, attempt, new Ending(Ending.State.SUCCEEDED, ending.at(), null, null), resolution);
    }

    /**
     * {@return the same without anything that could tell what it was about: its keys are left, which keep it from running
     * again, and the words of its receipts}
     */
    public StoredExecution erased() {
        Ending left = ending == null ? null : new Ending(ending.state(), ending.at(), ending.code(), null);
        return new StoredExecution(claim.erased(), attempt, left);
    }
}
