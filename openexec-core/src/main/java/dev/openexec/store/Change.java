package dev.openexec.store;

import dev.openexec.action.Kind;
import dev.openexec.json.Digest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A change of one row that stands. What it says of rows is the guard and the change in words of Java, for stores that
 * hold their rows as objects; others say the same in their own words.
 */
public sealed interface Change extends Write {

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
     * Erases what an execution was about, and keeps that it was: payload, result, nonce, approval and every salt and hash of
     * them but the keys are gone, and what is on its receipts matches nothing any more. Its keys stay, so that it does not run again. The
     * guard: the row stands under this nonce key, carries this token and attempt, and it is known how it ended.
     *
     * @param nonceKey the row's nonce key
     * @param token the row's token
     * @param attempt the row's attempt
     * @param leaf what is appended to the log, or null; it is not one of the execution's own
     */
    record Erase(
            Digest nonceKey,
            String token,
            int attempt,
            @Nullable Leaf leaf) implements Change {

        @Override
        public boolean appliesTo(StoredExecution row) {
            return row.isHeldBy(token, attempt) && row.ending() != null && !row.isIndeterminate() && !row.isErased();
        }

        @Override
        public Optional<StoredExecution> changed(StoredExecution row) {
            return Optional.of(row.erased());
        }

        @Override
        public boolean isDone(@Nullable StoredExecution row) {
            return row != null && row.isHeldBy(token, attempt) && row.isErased();
        }
    }
}
