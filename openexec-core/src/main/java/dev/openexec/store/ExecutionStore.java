package dev.openexec.store;

import dev.openexec.json.Digest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

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
 *   <li>An ending applies once, to the running row of that token and attempt, and to no other.
 *   <li>A write that was applied is durable before its stage completes.
 *   <li>A lookup sees every write whose stage has completed.
 *   <li>What was written is read back byte for byte.
 *   <li>A leaf is appended exactly when the guard held, at the next position.
 *   <li>A ledger that was opened in signed mode never opens in demo mode again.
 *   <li>A claim of a store that is still open is no orphan.
 *   <li>A claim of a store that died is an orphan.
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
     * Changes the ledger if the guard holds; see {@link Write}.
     *
     * <p>Writing the same insert or ending again, token and all, changes nothing and answers that it was applied, with
     * leaf index -1. An ending that cannot be written now fails its stage, is kept by the store while it is open, and is
     * written as soon as the ledger can be written again.
     *
     * @param write the change
     * @return what became of it, once that is durable
     */
    CompletionStage<Outcome> write(Write write);

    /**
     * Looks a row up.
     *
     * @param keys nonce keys and approval keys, in the order in which they are tried
     * @return the row under the first of these keys that has one; empty if none has
     */
    CompletionStage<Optional<StoredExecution>> find(List<Digest> keys);

    /**
     * Looks for what a dead process left behind.
     *
     * @param limit at most so many, 1 or more
     * @return running rows whose owner is known to be dead, oldest first
     */
    CompletionStage<List<StoredExecution>> orphans(int limit);

    /** Completes what was accepted, then lets go of the ledger. Idempotent. */
    @Override
    void close();

    /** {@return a ledger in memory, lost with the process: for tests and for trying things out} */
    static ExecutionStore inMemory() {
        return new InMemoryStore();
    }
}
