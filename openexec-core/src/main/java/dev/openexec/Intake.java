package dev.openexec;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes a request in while there is room for it, and hands out its answer. */
final class Intake {

    private final Permits permits;
    private final Duration waitBudget;
    private final Listeners listeners;

    Intake(Permits permits, Duration waitBudget, Listeners listeners) {
        this.permits = permits;
        this.waitBudget = waitBudget;
        this.listeners = listeners;
    }

    /** What a request goes along once it is in. */
    @FunctionalInterface
    interface Path {
        CompletionStage<Execution> take(Attempt attempt) throws RefusedException;
    }

    /** Never throws: whatever goes wrong is a failure of the answer, and the permit comes back. */
    CompletableFuture<Execution> take(Threads threads, Path path) {
        CompletableFuture<Execution> answer = new CompletableFuture<>();
        Observation observation = listeners.observation();
        observation.arrived();
        try {
            permits.acquire();
        } catch (RefusedException e) {
            observation.answered(null, e);
            answer.completeExceptionally(e);
            return answer;
        }
        begin(path, Attempt.beginning(threads, waitBudget, observation))
                .whenCompleteAsync( // so that what the caller does next never runs on a thread of the store
                        (execution, failure) -> {
                            Throwable cause = Failures.cause(failure);
                            observation.answered(execution, cause);
                            permits.release();
                            if (cause == null) {
                                answer.complete(execution);
                            } else {
                                answer.completeExceptionally(cause);
                            }
                        },
                        threads.continuations());
        return answer;
    }

    private static CompletionStage<Execution> begin(Path path, Attempt attempt) {
        try {
            return path.take(attempt);
        } catch (RefusedException | RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
