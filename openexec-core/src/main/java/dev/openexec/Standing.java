package dev.openexec;

import dev.openexec.Authorization.Authorized;
import dev.openexec.InDoubtException.Doubt;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.StoredExecution;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Answers a request with the row that stands where it wants to go, if that row is its own. */
final class Standing {

    private static final long FIRST_LOOK_MILLIS = 20;
    private static final long LAST_LOOK_MILLIS = 500;

    private final ExecutionStore store;
    private final InstantSource clock;
    private final Recovery recovery;

    Standing(ExecutionStore store, InstantSource clock, Recovery recovery) {
        this.store = store;
        this.clock = clock;
        this.recovery = recovery;
    }

    /** An earlier execution of this very request that has ended. */
    static final class Settled implements Begun {

        private final Claim claim;
        private final Ending ending;
        private final boolean resolved;

        private Settled(Claim claim, Ending ending, boolean resolved) {
            this.claim = claim;
            this.ending = ending;
            this.resolved = resolved;
        }

        Claim claim() {
            return claim;
        }

        Ending ending() {
            return ending;
        }

        /** Whether a person supplied the ending. */
        boolean resolved() {
            return resolved;
        }
    }

    /** Refuses another request than the row's; waits for the row to end. */
    CompletionStage<Settled> settle(Authorized request, StoredExecution row, Attempt attempt) {
        try {
            Comparison.requireSame(request, row, clock.instant());
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
        Ending ending = row.ending();
        if (ending != null) {
            return CompletableFuture.completedFuture(new Settled(row.claim(), ending, row.resolution() != null));
        }
        return recovery.recover()
                .exceptionally(failure -> null) // a row whose owner may live is waited for all the same
                .thenCompose(done -> look(row.claim(), FIRST_LOOK_MILLIS, attempt));
    }

    /** Waits for another process, or for an ending of ours that could not be written yet. */
    private CompletionStage<Settled> look(Claim claim, long delayMillis, Attempt attempt) {
        return store.find(List.of(claim.nonceKey()))
                .exceptionallyCompose(failure -> inProgress(claim)) // there is a claim: "nothing ran" would be a guess
                .thenComposeAsync(
                        found -> {
                            Ending ending = found.map(StoredExecution::ending).orElse(null);
                            if (ending != null) {
                                boolean resolved = found.get().resolution() != null;
                                return CompletableFuture.completedFuture(new Settled(claim, ending, resolved));
                            }
                            if (attempt.nanosToWait() == 0) {
                                return inProgress(claim);
                            }
                            long pause = Math.min(TimeUnit.MILLISECONDS.toNanos(delayMillis), attempt.nanosToWait());
                            return new CompletableFuture<Void>()
                                    .completeOnTimeout(null, pause, TimeUnit.NANOSECONDS)
                                    .thenComposeAsync(
                                            done -> look(claim, Math.min(2 * delayMillis, LAST_LOOK_MILLIS), attempt),
                                            attempt.threads().continuations());
                        },
                        attempt.threads().continuations());
    }

    private static <T> CompletionStage<T> inProgress(Claim claim) {
        return CompletableFuture.failedFuture(
                new InDoubtException(Doubt.EXECUTION_IN_PROGRESS, Optional.of(claim.executionId())));
    }
}
