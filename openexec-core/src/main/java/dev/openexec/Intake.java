package dev.openexec;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes a request in while there is room for it, and hands out its answer. */
final class Intake {

    private final Permits permits;
    private final Duration waitBudget;

    Intake(Permits permits, Duration waitBudget) {
        this.permits = permits;
        this.waitBudget = waitBudget;
    }

    /** What a request goes along once it is in. */
    @FunctionalInterface
    interface Path {
        CompletionStage<Execution> take(Attempt attempt) throws RefusedException;
    }

    /** Never throws: whatever goes wrong is a failure of the answer, and the permit comes back. */
    CompletableFuture<Execution> take(Threads threads, Path path) {
        CompletableFuture<Execution> answer = new CompletableFuture<>();
        try {
            permits.acquire();
        } catch (RefusedException e) {
            answer.completeExceptionally(e);
            return answer;
        }
        begin(path, Attempt.beginning(threads, waitBudget))
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

    private static CompletionStage<Execution> begin(Path path, Attempt attempt) {
        try {
            return path.take(attempt);
        } catch (RefusedException | RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
