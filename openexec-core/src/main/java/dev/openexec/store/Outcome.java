package dev.openexec.store;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of a write that reached the ledger.
 *
 * @param verdict whether the guard held, and if not, why
 * @param standing the row that stood in the way, that a refused change found, or that a transaction recorded; null where
 *     there is none
 * @param leafIndex the position of the appended leaf, counted from 0; -1 where none was appended
 * @param rows how many rows a prune removed or an erasure changed; 0 of every other write
 */
public record Outcome(Verdict verdict, @Nullable StoredExecution standing, long leafIndex, int rows) {

    /** Whether the guard held. */
    public enum Verdict {
        /** The change is durable. */
        APPLIED,
        /** A row stood in the way, or the row to be changed was gone, or not in a state to be changed so. */
        LOST,
        /** The approval expired before the write. */
        EXPIRED,
        /** The approval expires at or before the expiry floor. */
        BEHIND_EXPIRY_FLOOR,
        /** The approval was issued before the issue floor. */
        BEFORE_ISSUE_FLOOR,
        /**
         * The clock is more than {@link ExecutionStore.Floors#CLOCK_SLACK} behind the latest signed claim; or, to a prune, more
         * than {@link ExecutionStore.Floors#MAX_CLOCK_ADVANCE} ahead of it.
         */
        CLOCK_UNSAFE,
        /** An unsigned claim on a ledger that has been opened in signed mode. */
        SIGNED_LEDGER
    }

    /**
     * {@return that the guard held}
     *
     * @param leafIndex the position of the appended leaf; -1 where none was appended
     */
    public static Outcome applied(long leafIndex) {
        return new Outcome(Verdict.APPLIED, null, leafIndex, 0);
    }

    /**
     * {@return the same of a write that is about several rows}
     *
     * @param rows how many it was about
     */
    public Outcome withRows(int rows) {
        return new Outcome(verdict, standing, leafIndex, rows);
    }

    /**
     * {@return that a transaction was recorded}
     *
     * @param row as it was recorded
     */
    public static Outcome recorded(StoredExecution row) {
        return new Outcome(Verdict.APPLIED, row, -1, 0);
    }

    /**
     * {@return that a row stood in the way, or was not there to be changed}
     *
     * @param standing that row, where there is one
     */
    public static Outcome lost(Optional<StoredExecution> standing) {
        return new Outcome(Verdict.LOST, standing.orElse(null), -1, 0);
    }

    /**
     * {@return that the write was refused whatever rows there are}
     *
     * @param verdict why
     */
    public static Outcome refused(Verdict verdict) {
        return new Outcome(verdict, null, -1, 0);
    }
}
