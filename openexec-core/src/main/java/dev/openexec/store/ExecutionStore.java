package dev.openexec.store;

import dev.openexec.json.Digest;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of nonces and executions.
 *
 * <p>Thread-safe between {@link #open} and {@link #close}. Stages complete on store threads; callers hand them on at once
 * and neither block nor run actions there. A stage that cannot be completed with an answer completes with a
 * {@link StoreException}.
 *
 * <p>The contract, each sentence of which is a test of the testkit's store contract:
 *
 * <ul>
 *   <li>A nonce key is claimed once, for ever, however many callers ask at the same time.
 *   <li>An approval key is claimed once, for ever, under whatever nonce.
 *   <li>A row under the untenanted nonce key stands in the way of every tenant's claim of that nonce.
 *   <li>A lost insert answers with the standing row: under the approval key first, then under the nonce key, then
 *       under the untenanted one.
 *   <li>An approval that has expired by the time of the write claims nothing.
 *   <li>An approval that expires at or before the expiry floor claims nothing.
 *   <li>An approval issued before the issue floor claims nothing.
 *   <li>A signed claim is not made while the clock is behind the latest signed claim by more than the slack.
 *   <li>An ending applies once, to the running row of that token and attempt, and to no other.
 *   <li>A success or failure still applies to a row of that token and attempt of which nobody knew how it ended.
 *   <li>A retry applies once, to the running IDEMPOTENT row of that token and attempt before its last attempt, and takes
 *       the row from its former holder.
 *   <li>A retry is refused as a new claim would be.
 *   <li>A resolution applies once, to a row of which nobody knows how it ended, and is kept with it.
 *   <li>A withdrawal removes the running row of that token at its first attempt, and no other; its keys are then unclaimed.
 *   <li>A prune removes terminal signed rows past retention and expiry, and no other.
 *   <li>A prune raises the expiry floor over every approval that it removes, and no further; the floor never falls.
 *   <li>A prune is refused by a clock that is behind, or more than the leap ahead.
 *   <li>An erasure drops results past retention and keeps everything else.
 *   <li>A trusted clock claims and prunes again.
 *   <li>A write that was applied is durable before its stage completes.
 *   <li>A lookup sees every write whose stage has completed.
 *   <li>What was written is read back byte for byte.
 *   <li>A leaf is appended exactly when the guard held, at the next position.
 *   <li>A leaf is told where the last one of its execution stands.
 *   <li>The tree of a log is the one of its leaves, and its checkpoint says so.
 *   <li>A ledger that was opened in signed mode never opens in demo mode again.
 *   <li>A claim of a store that is still open is no orphan.
 *   <li>A claim of a store that died is an orphan.
 *   <li>An execution is found by its id.
 *   <li>A listing shows every execution once, in the order of their ids.
 * </ul>
 *
 * <p>And of a store that is {@link #transactional}:
 *
 * <ul>
 *   <li>A transaction commits its claim, its effects and its ending together.
 *   <li>A transaction that does not succeed leaves its ending and no effect.
 *   <li>A transaction whose claim is lost or refused is not entered.
 *   <li>A transaction is over when its budget is.
 *   <li>The connection of a transaction ends with it.
 *   <li>The connection of a transaction reaches nothing of the ledger and ends no transaction.
 * </ul>
 */
public interface ExecutionStore extends AutoCloseable {

    /**
     * Opens the ledger, once in the life of this object; creates it where there is none.
     *
     * @param signed whether every claim will be signed: marks the ledger
     * @param clock the executor's: by it approvals expire, and the issue floor of a new ledger is its time, cut to the
     *     second. The expiry floor of a new ledger is the epoch
     * @return what the ledger says of itself
     * @throws StoreException if anything about the ledger is not as it must be; it is then closed and unchanged
     * @throws IllegalStateException if it was opened before
     */
    Opened open(boolean signed, InstantSource clock);

    /**
     * What a ledger says of itself.
     *
     * @param ledgerId random, 32 hexadecimal digits, made with the ledger
     * @param issueFloor as of now; it never falls
     * @param durable false if everything is lost with the process
     */
    record Opened(String ledgerId, Instant issueFloor, boolean durable) {}

    /**
     * Asks the logs.
     *
     * @param question is answered on a thread of the store, at one moment of the ledger; it should be quick
     * @param <T> the answer's type
     * @return its answer, or what it throws
     */
    <T> CompletionStage<T> log(Function<ReceiptLog, T> question);

    /**
     * Changes the ledger if the guard holds; see {@link Write}.
     *
     * <p>Writing the same insert or change again, token and all, changes nothing and answers that it was applied, with
     * leaf index -1. An ending or a withdrawal that cannot be written now fails its stage, is kept by the store while it is
     * open, and is written as soon as the ledger can be written again.
     *
     * @param write the change
     * @return what became of it, once that is durable
     */
    CompletionStage<Outcome> write(Write write);

    /** {@return whether it runs TRANSACTIONAL actions: then {@link #transact} is more than a refusal} The same at every call. */
    default boolean transactional() {
        return false;
    }

    /**
     * Claims, works and ends in one durable transaction of the ledger's own database, guarded as {@link Write.Insert} is.
     *
     * <p>Inside it the work is called, once at most and only if the claim is made, on a thread of the executor. If it ends
     * in success, what it did is kept; if it ends in anything else, throws, or is not done within the budget, all of it is
     * undone and the row is a failure. At the end of the budget the connection is closed and the work is not waited for.
     * Where it is not proven that everything was undone and nothing else, nobody knows how it ended: the row is
     * INDETERMINATE, and so says it. A stage that fails means that no effect is durable, unless its reason is {@code
     * CLAIM_UNCONFIRMED}: then there is all of it, or nothing.
     *
     * @param claim the row
     * @param budget for everything that happens inside, more than zero
     * @param thread where the work is called, never on a thread of the store; it should be able to begin at once
     * @param work what is done inside
     * @return what became of it, once that is durable: if it was applied, with the row as it was recorded
     */
    default CompletionStage<Outcome> transact(Claim claim, Duration budget, Executor thread, Work work) {
        return CompletableFuture.failedFuture(new StoreException(
                StoreException.Reason.STORE_UNAVAILABLE, "This ledger has no transactions for actions"));
    }

    /** What happens inside a transaction of the ledger. */
    @FunctionalInterface
    interface Work {
        /**
         * Does it.
         *
         * @param connection guarded: it can neither end the transaction nor touch the ledger, and fails once that is over
         * @return how it ended: a success with its result, or a failure
         * @throws Exception if it failed
         */
        Ending in(Connection connection) throws Exception;

        /**
         * {@return what is appended to the log, or null} Whoever wraps a work hands this on too, or the execution has no receipt.
         *
         * @param ending that is recorded: of this work, or of the store if its transaction is lost
         */
        default @Nullable Leaf receipt(Ending ending) {
            return null;
        }
    }

    /**
     * Looks a row up.
     *
     * @param keys nonce keys and approval keys, in the order in which they are tried
     * @return the row under the first of these keys that has one; empty if none has
     */
    CompletionStage<Optional<StoredExecution>> find(List<Digest> keys);

    /**
     * Looks an execution up by its id.
     *
     * @param executionId of a claim
     * @return its row; empty if there is none
     */
    CompletionStage<Optional<StoredExecution>> execution(UUID executionId);

    /**
     * Lists the ledger, a page at a time. What is written meanwhile may or may not be seen.
     *
     * @param after the last id of the page before; null for the first page
     * @param limit at most so many, 1 or more
     * @return rows in the order of their ids as text, which is about that of their claims
     */
    CompletionStage<List<StoredExecution>> executions(@Nullable UUID after, int limit);

    /**
     * Looks for what dead processes left behind, a page at a time.
     *
     * @param after the last id of the page before; null for the first page
     * @param limit at most so many, 1 or more
     * @return running rows whose owner is given up, in the order of their ids as text
     */
    CompletionStage<List<Orphan>> orphans(@Nullable UUID after, int limit);

    /**
     * A running row whose owner is given up.
     *
     * @param row as it was read
     * @param ownerIsDead whether that is proven: then nobody is at work on it. If not, the owner has been missing for long,
     *     and may still be at work
     */
    record Orphan(StoredExecution row, boolean ownerIsDead) {}

    /**
     * What a ledger holds against claims, whatever rows it has. Floors never fall.
     *
     * @param signed whether it was ever opened in signed mode: then it takes signed claims only
     * @param issue no approval issued before then is taken
     * @param expiry no approval that expires then or before is taken
     * @param latestSignedClaim when the latest was made, by the clock of then; the ledger's making if there was none
     */
    record Floors(boolean signed, Instant issue, Instant expiry, Instant latestSignedClaim) {

        /** How far the clock may be behind the latest signed claim: by more, it has been turned back. */
        public static final Duration CLOCK_SLACK = Duration.ofSeconds(5);

        /** How far it may be ahead of it for a prune: by more, it may have gone wild. */
        public static final Duration MAX_CLOCK_ADVANCE = Duration.ofDays(1);

        /**
         * {@return why this claim cannot be made now; APPLIED if nothing but a row can stand in its way}
         *
         * @param claim to be made, or to be retried
         * @param now by the executor's clock
         */
        public Outcome.Verdict judge(Claim claim, Instant now) {
            SpentApproval approval = claim.approval();
            if (approval == null) {
                return signed ? Outcome.Verdict.SIGNED_LEDGER : Outcome.Verdict.APPLIED;
            }
            if (isBehind(now)) {
                return Outcome.Verdict.CLOCK_UNSAFE;
            }
            if (approval.hasExpiredAt(now)) {
                return Outcome.Verdict.EXPIRED;
            }
            if (!approval.expiresAt().isAfter(expiry)) {
                return Outcome.Verdict.BEHIND_EXPIRY_FLOOR;
            }
            return approval.issuedAt().isBefore(issue) ? Outcome.Verdict.BEFORE_ISSUE_FLOOR : Outcome.Verdict.APPLIED;
        }

        /**
         * {@return whether nothing may be pruned by this clock}
         *
         * @param now by the executor's clock
         */
        public boolean forbidsPruning(Instant now) {
            return isBehind(now) || latestSignedClaim.plus(MAX_CLOCK_ADVANCE).isBefore(now);
        }

        private boolean isBehind(Instant now) {
            return now.plus(CLOCK_SLACK).isBefore(latestSignedClaim);
        }

        /**
         * {@return the same after a claim}
         *
         * @param claim that was made or retried
         * @param now by the executor's clock
         */
        public Floors after(Claim claim, Instant now) {
            boolean later = claim.approval() != null && now.isAfter(latestSignedClaim);
            return later ? trusting(now) : this;
        }

        /**
         * {@return the same for a clock that is right}
         *
         * @param now what it says
         */
        public Floors trusting(Instant now) {
            return new Floors(signed, issue, expiry, now);
        }

        /**
         * {@return the same with an expiry floor that is not below this one}
         *
         * @param floor which approvals are forgotten
         */
        public Floors over(Instant floor) {
            return floor.isAfter(expiry) ? new Floors(signed, issue, floor, latestSignedClaim) : this;
        }
    }

    /** Completes what was accepted, then lets go of the ledger. Idempotent. */
    @Override
    void close();

    /** {@return a ledger in memory, lost with the process: for tests and for trying things out} */
    static ExecutionStore inMemory() {
        return new InMemoryStore();
    }
}
