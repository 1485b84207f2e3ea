package dev.openexec;

import dev.openexec.Admission.Admitted;
import dev.openexec.Authorization.Authorized;
import dev.openexec.Ledger.Entry;
import dev.openexec.Standing.Settled;
import dev.openexec.action.Action;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Digest;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.StoreException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The boundary: executes only what the approval policy authorises, at most once, and records it.
 *
 * <p>Thread-safe. An executor owns the store it was built with: it opens it, and {@link #close} closes it.
 */
public final class Executor implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Executor.class.getName());

    private final Authorization authorization;
    private final Admission admission;
    private final InFlight inFlight;
    private final Ledger ledger;
    private final Runner runner;

    private final ActionRegistry actions;
    private final ExecutionStore store;
    private final boolean durable;
    private final Recovery recovery;
    private final Heartbeat heartbeat;
    private final Permits permits;
    private final Duration drainBudget;
    private final ExecutorService continuations;
    private final ExecutorService handlers;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Executor(Builder builder, ActionRegistry actions, ExecutionStore.Opened opened) {
        InstantSource clock = builder.clock;
        this.recovery = new Recovery(builder.store, clock);
        this.authorization = new Authorization(builder.policy, clock);
        this.admission = new Admission(builder.allowList, actions);
        this.inFlight = new InFlight(builder.waitBudget);
        this.ledger = new Ledger(builder.store, opened, clock, recovery, builder.waitBudget);
        this.runner = new Runner(clock);
        this.actions = actions;
        this.store = builder.store;
        this.durable = opened.durable();
        this.heartbeat = new Heartbeat(builder.store, recovery);
        this.permits = new Permits(builder.maxConcurrent);
        this.drainBudget = builder.drainBudget;
        this.continuations = Threads.pool("continuation", Runtime.getRuntime().availableProcessors());
        this.handlers = Threads.pool("handler", builder.handlerThreads);
    }

    /** Recovery comes before the first request, and the first heartbeat shows whether the ledger can be written. */
    private void start() {
        recovery.recover().toCompletableFuture().join();
        heartbeat.start();
    }

    /**
     * Begins an executor.
     *
     * @param store the ledger, not opened yet
     * @param policy who may have something executed
     */
    public static Builder with(ExecutionStore store, ApprovalPolicy policy) {
        return new Builder(store, policy);
    }

    /**
     * Executes, or replays, on the calling thread. An interrupt does not end it early: what was claimed is brought to its
     * end.
     *
     * @throws RefusedException if the boundary says no: nothing ran, and nothing was spent
     * @throws ExecutionFailedException if it definitely did not happen, now or the first time
     * @throws InDoubtException if there is a claim and no ending to answer with
     * @throws StoreException if the ledger could not be used: nothing ran
     */
    public Execution execute(ExecutionRequest request)
            throws RefusedException, ExecutionFailedException, InDoubtException {
        CallerThread caller = new CallerThread();
        CompletableFuture<Execution> answer = submit(request, Threads.only(caller));
        caller.runUntilDone(answer);
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RefusedException refused) {
                throw refused;
            }
            if (e.getCause() instanceof ExecutionFailedException failed) {
                throw failed;
            }
            if (e.getCause() instanceof InDoubtException inDoubt) {
                throw inDoubt;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException accident ? accident : e;
        }
    }

    /**
     * The same without holding a thread: PURE actions run on a few threads of this executor, every other kind on
     * a bounded pool. Never throws; the stage fails with exactly the exceptions of {@link #execute}. It completes on a
     * thread of the store or of this executor: hand on what takes long.
     */
    public CompletionStage<Execution> executeAsync(ExecutionRequest request) {
        return submit(request, new Threads(continuations, handlers));
    }

    private CompletableFuture<Execution> submit(ExecutionRequest request, Threads threads) {
        CompletableFuture<Execution> answer = new CompletableFuture<>();
        try {
            permits.acquire();
        } catch (RefusedException e) {
            answer.completeExceptionally(e);
            return answer;
        }
        stage(request, threads)
                .whenCompleteAsync( // so that what the caller does next never runs on a thread of the store
                        (execution, failure) -> {
                            permits.release();
                            if (failure == null) {
                                answer.complete(execution);
                            } else {
                                answer.completeExceptionally(Failures.cause(failure));
                            }
                        },
                        threads.continuations());
        return answer;
    }

    private CompletionStage<Execution> stage(ExecutionRequest request, Threads threads) {
        try {
            return path(request, threads);
        } catch (RefusedException | RuntimeException | Error e) { // whatever it is, the permit has to come back
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The one path: nothing is executed in any other way. */
    private CompletionStage<Execution> path(ExecutionRequest request, Threads threads) throws RefusedException {
        Authorized authorized = authorization.authorize(request);
        Admitted admitted = admission.admit(authorized);
        return inFlight.afterFirst(
                authorized.claimableKeys(),
                threads,
                () -> ledger.begin(admitted, threads)
                        .thenCompose(begun -> begun instanceof Entry entry
                                ? runner.run(entry, threads).thenCompose(ending -> ledger.end(entry, ending, threads))
                                : ledger.replay((Settled) begun)));
    }

    /** Whether a claim would be durable now, as of the last heartbeat (every 5 s). Never blocks. */
    public Readiness readiness() {
        return new Readiness(durable, permits.isClosed() ? List.of("shutting-down") : heartbeat.obstacles());
    }

    /** The names of the registered actions. */
    public SortedSet<String> actionNames() {
        return actions.names();
    }

    /**
     * The SHA-256 of the code that a registered action came from, which every claim of it carries: of its jar, or of its
     * class file where there is no jar, as of the start. Empty for a class without a file, such as a proxy, and for a name
     * that is not registered.
     */
    public Optional<Digest> actionDigest(String name) {
        return actions.find(name).flatMap(BoundAction::digest);
    }

    /**
     * Refuses new requests, waits for those at work as long as the drain budget allows, records the outcome of the rest as
     * unknown, and closes the store. Idempotent.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        heartbeat.close();
        try {
            if (!permits.closeAndAwait(drainBudget)) {
                ledger.abandon("drain-exceeded").toCompletableFuture().join();
            }
        } catch (CompletionException e) {
            LOG.log(Level.WARNING, "Not every open execution could be recorded; recovery will find the rest");
        } finally {
            store.close();
            continuations.shutdown();
            handlers.shutdown();
        }
    }

    /** Collects what an executor consists of. Not thread-safe. */
    public static final class Builder {

        private static final Duration MAX_BUDGET = Duration.ofDays(1);

        private final ExecutionStore store;
        private final ApprovalPolicy policy;
        private final List<Action<?>> actions = new ArrayList<>();
        private Optional<Set<String>> allowList = Optional.empty();
        private InstantSource clock = InstantSource.system();
        private Duration waitBudget = Duration.ofSeconds(5);
        private Duration drainBudget = Duration.ofSeconds(30);
        private int maxConcurrent = 1024;
        private int handlerThreads = 64;

        private Builder(ExecutionStore store, ApprovalPolicy policy) {
            this.store = Objects.requireNonNull(store, "store");
            this.policy = Objects.requireNonNull(policy, "policy");
        }

        /** Registers an action. */
        public Builder action(Action<?> action) {
            actions.add(Objects.requireNonNull(action, "action"));
            return this;
        }

        /**
         * Registers those of the installed actions ({@link java.util.ServiceLoader}) that carry these names in
         * {@link dev.openexec.action.ActionName}. No other is instantiated or even initialised.
         *
         * @throws IllegalArgumentException if a name is not there exactly once, or its action cannot be made
         */
        public Builder discoverActions(Collection<String> names) {
            actions.addAll(ActionDiscovery.find(names));
            return this;
        }

        /** Executes nothing but these actions; without this call, every registered one. */
        public Builder allowOnly(Collection<String> names) {
            allowList = Optional.of(Set.copyOf(names));
            return this;
        }

        /** The clock for approvals, rows and handlers; the system's by default. No safety rests on it. */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * How long a duplicate waits for the first to end, at most a day; 5 s by default. Waiting for another process is
         * counted anew.
         */
        public Builder waitBudget(Duration budget) {
            waitBudget = reasonable(budget);
            return this;
        }

        /** How long {@link Executor#close} waits for what is at work, at most a day; 30 s by default. */
        public Builder drainBudget(Duration budget) {
            drainBudget = reasonable(budget);
            return this;
        }

        /** How many requests may be at work at once, 1 or more; 1024 by default. More are refused. */
        public Builder maxConcurrent(int requests) {
            maxConcurrent = positive(requests);
            return this;
        }

        /** How many handlers of {@link Executor#executeAsync} run at once, 1 or more; 64 by default. More wait. */
        public Builder handlerThreads(int threads) {
            handlerThreads = positive(threads);
            return this;
        }

        /**
         * Opens the store, recovers what a dead process left in it, and shows by a first write that it is durable.
         *
         * @throws IllegalArgumentException if an action could not be executed; the store is not opened then
         * @throws IllegalStateException if the store was opened before
         * @throws StoreException if the ledger is not as it must be; the store is closed then
         */
        public Executor build() {
            ActionRegistry registry = new ActionRegistry(actions);
            Executor executor = new Executor(this, registry, store.open(policy.signed(), clock));
            try {
                executor.start();
            } catch (CompletionException e) {
                executor.close();
                throw e.getCause() instanceof RuntimeException cause ? cause : e;
            }
            return executor;
        }

        private static Duration reasonable(Duration duration) {
            if (duration.isNegative() || duration.compareTo(MAX_BUDGET) > 0) {
                throw new IllegalArgumentException("A budget is between nothing and a day");
            }
            return duration;
        }

        private static int positive(int number) {
            if (number < 1) {
                throw new IllegalArgumentException("The number must be 1 or more");
            }
            return number;
        }
    }
}
