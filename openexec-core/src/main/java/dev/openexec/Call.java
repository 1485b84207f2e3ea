package dev.openexec;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One call of the executor on its way along the path. */
final class Call {

    private final Threads threads;
    private volatile long waitingEnds; // in terms of System.nanoTime
    private final Observation observation;
    private volatile Optional<UUID> executionId = Optional.empty();
    private volatile CompletionStage<?> run = CompletableFuture.completedStage(null);

    private Call(Threads threads, long waitingEnds, Observation observation) {
        this.threads = threads;
        this.waitingEnds = waitingEnds;
        this.observation = observation;
    }

    static Call beginning(Threads threads, Duration waitBudget, Observation observation) {
        return new Call(threads, System.nanoTime() + waitBudget.toNanos(), observation);
    }

    /** One that nobody listens to and that waits for nobody. */
    static Call unobserved(Threads threads) {
        return beginning(threads, Duration.ZERO, Observation.NONE);
    }

    /** Where it is carried on. */
    Threads threads() {
        return threads;
    }

    /** What is told of it. */
    Observation observation() {
        return observation;
    }

    /** It waits so long for somebody else's work, from now on. */
    void waitFor(Duration budget) {
        waitingEnds = System.nanoTime() + budget.toNanos();
    }

    /** How much longer it waits for somebody else's work: zero once that was long enough. */
    long nanosToWait() {
        return Math.max(0, waitingEnds - System.nanoTime());
    }

    /** It has begun to run this execution. */
    void runs(UUID id, CompletionStage<?> its) {
        executionId = Optional.of(id);
        run = its;
    }

    /** Of what it runs; empty until it does. */
    Optional<UUID> executionId() {
        return executionId;
    }

    /** Completes once nothing is run for it, which may be long after its caller was answered. */
    CompletionStage<?> run() {
        return run;
    }
}
