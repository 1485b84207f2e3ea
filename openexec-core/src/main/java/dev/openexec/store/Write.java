package dev.openexec.store;

import dev.openexec.approval.Authority;
import dev.openexec.evidence.Checkpoint;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One guarded change of the ledger: guard, row change and leaf happen in one durable transaction, or not at all. The
 * leaf, where there is one, is appended to the ledger's log exactly when the guard held.
 */
public sealed interface Write
        permits Change,
                Write.Insert,
                Write.Prune,
                Write.EraseResults,
                Write.TrustClock,
                Write.Note,
                Write.Cosigned,
                Write.Beat {

    /** {@return what is appended to the log, or null} */
    @Nullable Leaf leaf();

    /**
     * A new row: a claim, without an ending, or an execution that is recorded in one commit, with its ending.
     * The guard: no row stands under any of {@link Claim#keys()}; a signed claim has not expired, is issued at or
     * after the issue floor and expires after the expiry floor, and the clock is not unsafe; an unsigned one only on a
     * ledger that was never opened in signed mode.
     *
     * @param claim the row
     * @param ending its ending, or null while it runs
     * @param leaf what is appended to the log, or null
     */
    record Insert(
            Claim claim, @Nullable Ending ending, @Nullable Leaf leaf) implements Write {

        /**
         * Checks that it is ours to write.
         *
         * @throws IllegalArgumentException if the claim is an imported one: it was made, and ran, elsewhere
         */
        public Insert {
            if (claim.authority() == Authority.IMPORTED) {
                throw new IllegalArgumentException("Imported rows are imported, not claimed");
            }
        }
    }

    /**
     * Forgets executions for ever, and has the expiry floor stand where they stood: the floor rises to the latest expiry
     * of the approvals that are removed, plus the skew, in the same transaction. Removed are succeeded and failed signed
     * rows that ended before {@code endedBefore} and whose approval expired longer than the skew ago; no other. Refused
     * while the clock is unsafe, and if it is more than a day ahead of the latest signed claim.
     *
     * @param endedBefore the end of the retention
     * @param skew how far the clocks of approvers and executors may be apart; zero or more
     * @param limit at most so many rows, 1 or more, the oldest first
     * @param leaf what is appended to the log, or null
     */
    record Prune(
            Instant endedBefore,
            Duration skew,
            int limit,
            @Nullable Leaf leaf) implements Write {

        /** Throws an {@link IllegalArgumentException} if the skew is negative or the limit not positive. */
        public Prune {
            if (skew.isNegative() || limit < 1) {
                throw new IllegalArgumentException("A skew is zero or more, a limit 1 or more");
            }
        }
    }

    /**
     * Drops results and keeps keys: the rows still stand in every way, as successes that are
     * {@linkplain Ending#isErased erased}. Concerned are succeeded rows that ended before {@code endedBefore} and still have
     * their result.
     *
     * @param endedBefore the end of the retention
     * @param limit at most so many rows, 1 or more, the oldest first
     * @param leaf what is appended to the log, or null
     */
    record EraseResults(
            Instant endedBefore, int limit, @Nullable Leaf leaf) implements Write {

        /** Throws an {@link IllegalArgumentException} if the limit is not positive. */
        public EraseResults {
            if (limit < 1) {
                throw new IllegalArgumentException("A limit is 1 or more");
            }
        }
    }

    /**
     * A person says that the clock is right: the latest signed claim counts as made now, be that earlier or later than it
     * was.
     *
     * @param leaf what is appended to the log, or null
     */
    record TrustClock(@Nullable Leaf leaf) implements Write {}

    /** A receipt of something that changes no row. */
    record Note(Leaf leaf) implements Write {}

    /**
     * A checkpoint that came back from witnesses, to be kept in the place of the one that came before it.
     *
     * @param log that it is of
     * @param checkpoint as the log signed it, with lines of witnesses below; who brings it has verified both
     */
    record Cosigned(long log, String checkpoint) implements Write {
        /** Throws an {@link IllegalArgumentException} if it is no checkpoint. */
        public Cosigned {
            if (Checkpoint.claimed(checkpoint).isEmpty()) {
                throw new IllegalArgumentException("Not a checkpoint");
            }
        }

        @Override
        public @Nullable Leaf leaf() {
            return null;
        }
    }

    /** A heartbeat that changes no execution: it shows that a claim would be durable now. */
    record Beat() implements Write {
        @Override
        public @Nullable Leaf leaf() {
            return null;
        }
    }
}
