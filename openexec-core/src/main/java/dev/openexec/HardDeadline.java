package dev.openexec;

import dev.openexec.Claims.Entry;
import dev.openexec.RefusedException.Reason;
import dev.openexec.Timer.Alarm;
import dev.openexec.action.Kind;
import dev.openexec.store.Ending;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Waits for a run as long as it may take, counted from its claim. Then nobody knows how it ends, and those who wait are
 * told so. The run is not interrupted: what it still comes to is the truth, and is offered to the ledger.
 */
final class HardDeadline {

    private static final System.Logger LOG = System.getLogger(HardDeadline.class.getName());

    private final Duration limit;
    private final InstantSource clock;
    private final Timer timer;
    private final Executor threads;
    private final Claims claims;

    /**
     * @param threads for what is due; not those of a caller, who may be in the action itself
     */
    HardDeadline(Options options, Timer timer, Threads threads, Claims claims) {
        this.limit = options.hardDeadline;
        this.clock = options.clock;
        this.timer = timer;
        this.threads = threads.continuations();
        this.claims = claims;
    }

    /** How the run ended, or at the deadline that nobody knows. What is PURE leaves no claim that could stay open. */
    CompletionStage<Ending> ending(Entry entry, CompletionStage<Ending> run, Call call) {
        call.runs(entry.executionId(), run);
        if (entry.kind() == Kind.PURE) {
            return run;
        }
        CompletableFuture<Ending> first = new CompletableFuture<>();
        Alarm alarm = timer.after(limit.toNanos(), threads, () -> giveUp(entry, first));
        CompletionStage<?> unused = run.whenComplete((ending, failure) -> {
            alarm.cancel();
            if (failure != null) {
                first.completeExceptionally(failure);
            } else if (!first.complete(ending)) {
                claims.late(entry, ending);
            }
        });
        return first;
    }

    private void giveUp(Entry entry, CompletableFuture<Ending> first) {
        if (entry.abandon()) { // it has waited for a thread all the time: nothing has happened
            CompletableFuture<?> unused = claims.takeBack(entry, Reason.OVERLOADED, "deadline-exceeded")
                    .thenCombine(entry.withdrawn(), (written, reason) -> reason)
                    .whenComplete((reason, failure) ->
                            first.completeExceptionally(failure == null ? new RefusedException(reason) : failure));
        } else if (first.complete(Ending.indeterminate(clock.instant(), "deadline-exceeded"))) {
            Failures.warn(LOG, "Execution {0} has not ended in time: its outcome is unknown", entry.executionId());
        }
    }
}
