package dev.openexec;

import dev.openexec.InDoubtException.Doubt;
import dev.openexec.Timer.Alarm;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes a request in while there is room for it, and hands out its answer. */
final class Intake {

    private final Permits permits;
    private final Duration waitBudget;
    private final Duration softDeadline;
    private final Timer timer;
    private final Listeners listeners;

    Intake(Permits permits, Options options, Timer timer, Listeners listeners) {
        this.permits = permits;
        this.waitBudget = options.waitBudget;
        this.softDeadline = options.softDeadline;
        this.timer = timer;
        this.listeners = listeners;
    }

    /** What a request goes along once it is in. */
    @FunctionalInterface
    interface Path {
        CompletionStage<Execution> take(Call call) throws RefusedException;
    }

    /**
     * For a caller who stays until there is an answer. Never throws: whatever goes wrong is a failure of the answer. The
     * permit comes back when the work has ended.
     */
    CompletableFuture<Execution> take(Threads threads, Path path) {
        return enter(call(threads), path);
    }

    /** The same for a caller who is answered at the soft deadline at the latest, whatever becomes of the work. */
    CompletableFuture<Execution> takeUntilDeadline(Threads threads, Path path) {
        Call call = call(threads);
        CompletableFuture<Execution> answer = enter(call, path);
        if (!answer.isDone()) {
            Alarm alarm = timer.after(softDeadline.toNanos(), threads.continuations(), () -> giveUp(answer, call));
            CompletableFuture<?> unused = answer.whenComplete((execution, failure) -> alarm.cancel());
        }
        return answer;
    }

    private Call call(Threads threads) {
        return Call.beginning(threads, waitBudget, listeners.observation());
    }

    private CompletableFuture<Execution> enter(Call call, Path path) {
        CompletableFuture<Execution> answer = new CompletableFuture<>();
        Observation observation = call.observation();
        observation.arrived();
        try {
            permits.acquire();
        } catch (RefusedException e) {
            observation.answered(null, e);
            answer.completeExceptionally(e);
            return answer;
        }
        begin(path, call)
                .whenCompleteAsync( // so that what the caller does next never runs on a thread of the store
                        (execution, failure) -> {
                            Throwable cause = Failures.cause(failure);
                            observation.answered(execution, cause);
                            call.run().whenComplete((ending, unused) -> permits.release());
                            if (cause == null) {
                                answer.complete(execution);
                            } else {
                                answer.completeExceptionally(cause);
                            }
                        },
                        call.threads().continuations());
        return answer;
    }

    private static CompletionStage<Execution> begin(Path path, Call call) {
        try {
            return path.take(call);
        } catch (RefusedException | RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static void giveUp(CompletableFuture<Execution> answer, Call call) {
        if (answer.completeExceptionally(new InDoubtException(Doubt.EXECUTION_TIMEOUT, call.executionId()))) {
            call.observation().overdue();
        }
    }
}
