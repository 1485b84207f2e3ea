package dev.openexec;

import dev.openexec.action.Action;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Digest;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.StoreException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;

/**
 * The boundary: executes only what the approval policy authorises, at most once, and records it; only an IDEMPOTENT action
 * may be entered again, after its process died. Thread-safe. Owns the store it was built with: opens it, and closes it.
 */
public final class Executor implements AutoCloseable {
    private final Parts parts;

    private Executor(Parts parts) {
        this.parts = parts;
    }

    /**
     * {@return the beginnings of an executor, without actions}
     *
     * @param store the ledger, not opened yet
     * @param policy who may have something executed
     */
    public static Builder with(ExecutionStore store, ApprovalPolicy policy) {
        return new Builder(store, policy);
    }

    /**
     * Executes, or replays, on the calling thread, until the action returns. An interrupt does not end it early, unless an
     * action that is entered ends by it: what was claimed is brought to its end, and the interrupt is kept for the caller.
     *
     * @param request judged in every part
     * @return the answer, recorded durably before it is returned
     * @throws RefusedException if the boundary says no: nothing ran, and nothing was spent
     * @throws ExecutionFailedException if it definitely did not happen, now or the first time
     * @throws InDoubtException if what became of the claim is not known, now or for ever
     * @throws StoreException if the ledger could not be used: nothing with effects was entered, or a transaction left none. After
     *     {@code CLAIM_UNCONFIRMED} the nonce may be spent until that can be taken back: ask again
     */
    public Execution execute(ExecutionRequest request)
            throws RefusedException, ExecutionFailedException, InDoubtException {
        CallerThread caller = new CallerThread();
        return caller.await(
                parts.intake().take(Threads.only(caller), parts.path().of(request)));
    }

    /**
     * The same without holding a thread, and with a {@linkplain Builder#softDeadline deadline}; the stage fails with exactly the
     * exceptions of {@link #execute}. PURE actions run on a few threads of this executor, others on a bounded pool. Never throws.
     * It completes on a thread of the store or of this executor: hand on what takes long.
     *
     * @param request judged in every part
     * @return the answer, recorded durably before the stage completes
     */
    public CompletionStage<Execution> executeAsync(ExecutionRequest request) {
        Threads threads = parts.resources().threads();
        return parts.intake().takeUntilDeadline(threads, parts.path().of(request));
    }

    /**
     * Judges a request without its approval and the ledger, so that nobody is asked to approve what would be refused anyway.
     * Nothing runs. It shows which actions there are: not for callers nobody knows.
     *
     * @param request what would be approved; what passes may still be refused
     * @throws RefusedException as {@link #execute} does
     */
    public void check(ExecutionRequest request) throws RefusedException {
        Authorization.checkForm(request);
        parts.admission().prepare(request);
    }

    /** {@return the log of its receipts} */
    public ExecutionLog log() {
        return parts.log();
    }

    /** {@return whether a claim would be durable now, as of the last heartbeat (every 5 s)} Never blocks. */
    public Readiness readiness() {
        return parts.lifecycle().readiness();
    }

    /**
     * Whether a claim would be durable now.
     *
     * @param durable false for a ledger that is lost with the process
     * @param reasons stable names of what stands in the way; empty exactly when ready
     */
    public record Readiness(boolean durable, List<String> reasons) {
        /** Copies the reasons. */
        public Readiness {
            reasons = List.copyOf(reasons);
        }

        /** {@return whether nothing stands in the way} */
        public boolean ready() {
            return reasons.isEmpty();
        }
    }

    /** {@return how many events did not reach a listener} An event counts once for each listener that missed it. */
    public long droppedEvents() {
        return parts.resources().listeners().dropped();
    }

    /** {@return the names of the registered actions} */
    public SortedSet<String> actionNames() {
        return parts.admission().actions().names();
    }

    /**
     * {@return the SHA-256 of the jar, or else of the class file, that an action came from, as of the start; empty for a class
     * that never was a file, and for a name that is not registered} Every claim carries it.
     *
     * @param name of a registered action
     */
    public Optional<Digest> actionDigest(String name) {
        return parts.admission().actions().find(name).flatMap(BoundAction::digest);
    }

    /**
     * Refuses new requests, waits for those at work within the drain budget, takes back what was not entered, records the rest
     * as unknown, closes the store. Idempotent. Called by an action it waits for itself.
     */
    @Override
    public void close() {
        parts.lifecycle().close();
    }

    /** Collects what an executor consists of. Not thread-safe. What is out of its range is an IllegalArgumentException. */
    public static final class Builder {
        private final ExecutionStore store;
        private final ApprovalPolicy policy;
        private final Options options = new Options();

        private Builder(ExecutionStore store, ApprovalPolicy policy) {
            this.store = Objects.requireNonNull(store, "store");
            this.policy = Objects.requireNonNull(policy, "policy");
        }

        /**
         * Registers an action.
         *
         * @param action shared by all requests, hence thread-safe
         * @return this
         */
        public Builder action(Action<?> action) {
            options.actions.add(Objects.requireNonNull(action, "action"));
            return this;
        }

        /**
         * Registers those of the installed actions ({@link java.util.ServiceLoader}) that carry these names in
         * {@link dev.openexec.action.ActionName}. No other is instantiated or even initialised.
         *
         * @param names of actions, each once
         * @return this
         * @throws IllegalArgumentException if a name is not there exactly once, or its action cannot be made
         */
        public Builder discoverActions(Collection<String> names) {
            options.actions.addAll(ActionDiscovery.find(names));
            return this;
        }

        /**
         * Executes nothing but these actions; without this call, every registered one.
         *
         * @param names of actions; one that is not registered allows nothing
         * @return this
         */
        public Builder allowOnly(Collection<String> names) {
            options.allowList = Optional.of(Set.copyOf(names));
            return this;
        }

        /**
         * Has every event told to this listener too.
         *
         * @param listener thread-safe if it is registered with several executors
         * @return this
         */
        public Builder listener(ExecutionListener listener) {
            options.listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /**
         * The clock for approvals, rows and actions; the system's by default. No safety rests on it.
         *
         * @param clock thread-safe
         * @return this
         */
        public Builder clock(InstantSource clock) {
            options.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * How long a duplicate waits for the first to end, here or in another process, at most a day; 5 s by default. For
         * one nonce or approval 32 wait at most, in total a quarter of {@link #maxConcurrent}: more are told at once.
         *
         * @param budget zero or more
         * @return this
         */
        public Builder waitBudget(Duration budget) {
            options.waitBudget = Options.budget(budget);
            return this;
        }

        /**
         * How long {@link Executor#close} waits for what is at work, at most a day; 30 s by default.
         *
         * @param budget zero or more
         * @return this
         */
        public Builder drainBudget(Duration budget) {
            options.drainBudget = Options.budget(budget);
            return this;
        }

        /**
         * How long a TRANSACTIONAL action may take, while the ledger waits for it, at most a day; 1 s by default.
         *
         * @param budget more than zero
         * @return this
         */
        public Builder transactionBudget(Duration budget) {
            options.transactionBudget = Options.positive(budget);
            return this;
        }

        /**
         * How long a caller of {@link Executor#executeAsync} is kept waiting, at most a day; 30 s by default. Then it is told
         * {@link InDoubtException.Doubt#EXECUTION_TIMEOUT}; the work goes on, and counts as being at work until it has ended.
         *
         * @param deadline zero or more
         * @return this
         */
        public Builder softDeadline(Duration deadline) {
            options.softDeadline = Options.budget(deadline);
            return this;
        }

        /**
         * How long after its claim an action may return, at most a day; 10 min by default. Then its ending is recorded as
         * unknown, and those who wait are told so. Nothing is interrupted. PURE actions have no claim, hence no deadline.
         *
         * @param deadline zero or more
         * @return this
         */
        public Builder hardDeadline(Duration deadline) {
            options.hardDeadline = Options.budget(deadline);
            return this;
        }

        /**
         * How many requests may be at work at once; 1024 by default. More are refused.
         *
         * @param requests 1 or more
         * @return this
         */
        public Builder maxConcurrent(int requests) {
            options.maxConcurrent = Options.positive(requests);
            return this;
        }

        /**
         * How many actions of {@link Executor#executeAsync} run at once, PURE ones aside; 64 by default. More wait.
         *
         * @param threads 1 or more
         * @return this
         */
        public Builder actionThreads(int threads) {
            options.actionThreads = Options.positive(threads);
            return this;
        }

        /**
         * Opens the store, recovers what a dead process left in it, and shows by a first write that it is durable.
         *
         * @return an executor, to be closed by the caller
         * @throws IllegalArgumentException if an action could not be executed; the store is not opened then
         * @throws IllegalStateException if the store was opened before
         * @throws StoreException if the ledger is not as it must be; the store is closed then
         */
        public Executor build() {
            return new Executor(Parts.open(store, policy, options));
        }
    }
}
