package dev.openexec;

import dev.openexec.action.Action;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.store.ExecutionStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;

/** Skeleton: the signatures the server builds on. */
public final class Executor implements AutoCloseable {

    private Executor() {}

    public static Builder with(ExecutionStore store, ApprovalPolicy policy) {
        throw new UnsupportedOperationException();
    }

    /** Runs the handler on the calling thread. */
    public Execution execute(ExecutionRequest request)
            throws RefusedException, ExecutionFailedException, InDoubtException {
        throw new UnsupportedOperationException();
    }

    /**
     * The same path; never throws. The stage completes exceptionally with exactly RefusedException,
     * ExecutionFailedException, InDoubtException or StoreException (never wrapped in CompletionException when seen by
     * whenComplete on the returned stage itself).
     */
    public CompletionStage<Execution> executeAsync(ExecutionRequest request) {
        throw new UnsupportedOperationException();
    }

    /** Never blocks. */
    public Readiness readiness() {
        throw new UnsupportedOperationException();
    }

    /** The registered actions, by name. */
    public SortedSet<String> actionNames() {
        throw new UnsupportedOperationException();
    }

    /** Refuses new requests, waits for those at work (bounded), closes the store. Idempotent. */
    @Override
    public void close() {}

    /** Not thread-safe. */
    public static final class Builder {
        private Builder() {}

        public Builder action(Action<?> action) {
            return this;
        }

        /** Those of the installed actions (ServiceLoader) that have these names. */
        public Builder discoverActions(Collection<String> names) {
            return this;
        }

        public Builder allowOnly(Collection<String> names) {
            return this;
        }

        public Builder clock(InstantSource clock) {
            return this;
        }

        /** How long a duplicate waits for the first; default 5 s. */
        public Builder waitBudget(Duration budget) {
            return this;
        }

        /** How long close() waits for executions at work; default 30 s. */
        public Builder drainBudget(Duration budget) {
            return this;
        }

        /** Requests at work at once; more are refused as OVERLOADED; default 1024. */
        public Builder maxConcurrent(int requests) {
            return this;
        }

        /** Opens the store; throws StoreException, IllegalArgumentException. */
        public Executor build() {
            throw new UnsupportedOperationException();
        }
    }
}
