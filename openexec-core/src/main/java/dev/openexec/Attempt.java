package dev.openexec;

import java.time.Duration;

/**
 * One call of the executor on its way along the path.
 *
 * @param threads where it is carried on
 * @param waitingEnds when it stops waiting for somebody else's work, in terms of {@link System#nanoTime}
 * @param observation what is told of it
 */
record Attempt(Threads threads, long waitingEnds, Observation observation) {

    static Attempt beginning(Threads threads, Duration waitBudget, Observation observation) {
        return new Attempt(threads, System.nanoTime() + waitBudget.toNanos(), observation);
    }

    /** One that nobody listens to and that waits for nobody. */
    static Attempt unobserved(Threads threads) {
        return beginning(threads, Duration.ZERO, Observation.NONE);
    }

    /** How much longer it waits: zero once that was long enough. */
    long nanosToWait() {
        return Math.max(0, waitingEnds - System.nanoTime());
    }
}
