package dev.openexec.store;

import dev.openexec.action.Kind;
import dev.openexec.approval.Authority;
import dev.openexec.json.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One guarded change of the ledger: guard, row change and leaf happen in one durable transaction, or not at all. The
 * leaf, where there is one, is appended to the ledger's log exactly when the guard held.
 */
public sealed interface Write {

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
     * A change of one row that stands. What it says of rows is the guard and the change in words of Java, for stores that
     * hold their rows as objects; others say the same in their own words.
     */
    sealed interface Change extends Write permits End, Retry, Resolve, Withdraw {

        /** {@return the row's nonce key} */
        Digest nonceKey();

        /** {@return the token of the attempt that the change is about} */
        String token();

        /** {@return that attempt, 1 for the first} */
        int attempt();

        /**
         * {@return whether the guard holds, as far as the row can tell}
         *
         * @param row that stands under the nonce key
         */
        boolean appliesTo(StoredExecution row);

        /**
         * {@return the row as the change leaves it; empty if it removes the row}
         *
         * @param row that it applies to
         */
        Optional<StoredExecution> changed(StoredExecution row);

        /**
         * {@return whether it was applied before}
         *
         * @param row that stands under the nonce key; null if there is none
         */
        boolean isDone(@Nullable StoredExecution row);
    }

    /**
     * The ending of a claim. The guard: the row stands under this nonce key and carries this token and attempt; and it is
     * running, or nobody knew how it ended and this success or failure says so.
     *
     * @param nonceKey the row's nonce key
     * @param token the claim's token
     * @param attempt the attempt that ended, 1 for the first
     * @param ending how it ended
     * @param leaf what is appended to the log, or null
     */
    record End(
            Digest nonceKey,
            String token,
            int attempt,
            Ending ending,
            @Nullable Leaf leaf) implements Change {

        @Override
        public boolean appliesTo(StoredExecution row) {
            return row.isHeldBy(token, attempt) && (row.isRunning() || (row.isIndeterminate() && ending.isKnown()));
        }

        @Override
        public Optional<StoredExecution> changed(StoredExecution row) {
            return Optional.of(new StoredExecution(row.claim(), row.attempt(), ending));
        }

        @Override
        public boolean isDone(@Nullable StoredExecution row) {
            return row != null
                    && row.equals(new StoredExecution(row.claim(), attempt, ending))
                    && row.isHeldBy(token, attempt);
        }
    }

    /**
     * Another attempt at what a dead process left running. The guard: the row stands under this nonce key, is running,
     * carries this token and attempt, is IDEMPOTENT, and this was not its last attempt; and everything that guards a new
     * claim but the keys.
     *
     * @param nonceKey the row's nonce key
     * @param token the token of the attempt that was left
     * @param attempt the attempt that was left; the row then carries the next
     * @param nextToken random, 128 bits, 32 hexadecimal digits: whoever holds it owns the next attempt
     * @param leaf what is appended to the log, or null
     */
    record Retry(
            Digest nonceKey,
            String token,
            int attempt,
            String nextToken,
            @Nullable Leaf leaf) implements Change {

        /** How often an action is entered for one claim, at most. */
        public static final int MAX_ATTEMPTS = 3;

        @Override
        public boolean appliesTo(StoredExecution row) {
            return row.isHeldBy(token, attempt)
                    && row.isRunning()
                    && row.claim().kind() == Kind.IDEMPOTENT
                    && attempt < MAX_ATTEMPTS;
        }

        @Override
        public Optional<StoredExecution> changed(StoredExecution row) {
            return Optional.of(new StoredExecution(row.claim().heldBy(nextToken), attempt + 1, null));
        }

        @Override
        public boolean isDone(@Nullable StoredExecution row) {
            return row != null && row.isHeldBy(nextToken, attempt + 1);
        }
    }

    /**
     * The ending that a person supplies. The guard: the row stands under this nonce key, carries this token and attempt,
     * and nobody knows how it ended.
     *
     * @param nonceKey the row's nonce key
     * @param token the row's token
     * @param attempt the row's attempt
     * @param ending a success with its result, or a failure
     * @param resolution who says so, and how they know
     * @param leaf what is appended to the log, or null
     */
    record Resolve(
            Digest nonceKey,
            String token,
            int attempt,
            Ending ending,
            StoredExecution.Resolution resolution,
            @Nullable Leaf leaf)
            implements Change {

        /**
         * Checks that it resolves.
         *
         * @throws IllegalArgumentException if the ending is still that nobody knows
         */
        public Resolve {
            if (ending.state() == Ending.State.INDETERMINATE) {
                throw new IllegalArgumentException("A resolution says how it ended");
            }
        }

        @Override
        public boolean appliesTo(StoredExecution row) {
            return row.isHeldBy(token, attempt) && row.isIndeterminate();
        }

        @Override
        public Optional<StoredExecution> changed(StoredExecution row) {
            return Optional.of(new StoredExecution(row.claim(), row.attempt(), ending, resolution));
        }

        @Override
        public boolean isDone(@Nullable StoredExecution row) {
            return row != null
                    && row.isHeldBy(token, attempt)
                    && row.equals(new StoredExecution(row.claim(), attempt, ending, resolution));
        }
    }

    /**
     * Takes back a claim whose action was not entered and never will be: the row is removed, and its nonce and its
     * approval are unspent. The guard: the row stands under this nonce key, is running, and carries this token at its
     * first attempt. If no row of this token stands there is nothing to take back, which counts as done.
     *
     * @param nonceKey the row's nonce key
     * @param token the claim's token
     * @param leaf what is appended to the log, or null
     */
    record Withdraw(Digest nonceKey, String token, @Nullable Leaf leaf) implements Change {

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public boolean appliesTo(StoredExecution row) {
            return row.isHeldBy(token, attempt()) && row.isRunning();
        }

        @Override
        public Optional<StoredExecution> changed(StoredExecution row) {
            return Optional.empty();
        }

        @Override
        public boolean isDone(@Nullable StoredExecution row) {
            return row == null || !row.claim().token().equals(token);
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
    record Erase(Instant endedBefore, int limit, @Nullable Leaf leaf) implements Write {

        /** Throws an {@link IllegalArgumentException} if the limit is not positive. */
        public Erase {
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

    /** A heartbeat that changes no execution: it shows that a claim would be durable now. */
    record Beat() implements Write {
        @Override
        public @Nullable Leaf leaf() {
            return null;
        }
    }
}
