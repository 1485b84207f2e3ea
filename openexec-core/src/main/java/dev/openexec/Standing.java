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
    private final WaitingRoom room;
    private final Timer timer;

    Standing(ExecutionStore store, InstantSource clock, Recovery recovery, WaitingRoom room, Timer timer) {
        this.store = store;
        this.clock = clock;
        this.recovery = recovery;
        this.room = room;
        this.timer = timer;
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
    CompletionStage<Settled> settle(Authorized request, StoredExecution row, Call call) {
        try {
            Comparison.requireSame(request, row, clock.instant());
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
        Optional<Settled> settled = settled(row.claim(), row);
        if (settled.isPresent()) {
            return CompletableFuture.completedFuture(settled.get());
        }
        return recovery.recover()
                .exceptionally(failure -> null) // a row whose owner may live is waited for all the same
                .thenCompose(done -> await(row.claim(), call));
    }

    /** Looks once, and then waits if there is time and room: for another process, or for an ending of ours not written yet. */
    private CompletionStage<Settled> await(Claim claim, Call call) {
        return look(claim)
                .thenComposeAsync(
                        found -> {
                            if (found.isPresent()) {
                                return CompletableFuture.completedFuture(found.get());
                            }
                            if (call.nanosToWait() == 0 || !room.enter(claim.nonceKey())) {
                                return inProgress(claim);
                            }
                            return lookAgain(claim, FIRST_LOOK_MILLIS, call)
                                    .whenComplete((settled, failure) -> room.leave(claim.nonceKey()));
                        },
                        call.threads().continuations());
    }

    private CompletionStage<Settled> lookAgain(Claim claim, long delayMillis, Call call) {
        long nanos = Math.min(TimeUnit.MILLISECONDS.toNanos(delayMillis), call.nanosToWait());
        if (nanos == 0 || timer.isClosed()) {
            return inProgress(claim);
        }
        CompletableFuture<Void> pause = new CompletableFuture<>();
        timer.after(nanos, call.threads().continuations(), () -> pause.complete(null));
        return pause.thenCompose(over -> look(claim))
                .thenComposeAsync(
                        found -> found.isPresent()
                                ? CompletableFuture.completedFuture(found.get())
                                : lookAgain(claim, Math.min(2 * delayMillis, LAST_LOOK_MILLIS), call),
                        call.threads().continuations());
    }

    /** A claim that was taken back has left its nonce to others, whose answer is none of ours. */
    private CompletionStage<Optional<Settled>> look(Claim claim) {
        return store.find(List.of(claim.nonceKey()))
                .exceptionallyCompose(failure -> inProgress(claim)) // there is a claim: "nothing ran" would be a guess
                .thenCompose(
                        found -> found.filter(row -> row.claim().executionId().equals(claim.executionId()))
                                .map(row -> CompletableFuture.completedStage(settled(claim, row)))
                                .orElseGet(Standing::askAgain));
    }

    private static Optional<Settled> settled(Claim claim, StoredExecution row) {
        Ending ending = row.ending();
        return Optional.ofNullable(ending).map(known -> new Settled(claim, known, row.resolution() != null));
    }

    private static <T> CompletionStage<T> askAgain() {
        return CompletableFuture.failedFuture(new InDoubtException(Doubt.EXECUTION_IN_PROGRESS, Optional.empty()));
    }

    private static <T> CompletionStage<T> inProgress(Claim claim) {
        return CompletableFuture.failedFuture(
                new InDoubtException(Doubt.EXECUTION_IN_PROGRESS, Optional.of(claim.executionId())));
    }
}
