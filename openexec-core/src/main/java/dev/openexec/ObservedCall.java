package dev.openexec;

import dev.openexec.ExecutionListener.Event;
import dev.openexec.ExecutionListener.Step;
import dev.openexec.InDoubtException.Doubt;
import dev.openexec.action.Kind;
import dev.openexec.store.Ending;
import dev.openexec.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes events of what happens to one call, until the last. */
final class ObservedCall implements Observation {

    private final Listeners listeners;
    private final InstantSource clock;
    private final long number;
    private final long arrived = System.nanoTime();

    private @Nullable Instant arrival;
    private long mark = arrived;
    private String action = "";
    private Optional<Kind> kind = Optional.empty();
    private Optional<UUID> executionId = Optional.empty();
    private boolean over;

    ObservedCall(Listeners listeners, InstantSource clock, long number) {
        this.listeners = listeners;
        this.clock = clock;
        this.number = number;
    }

    @Override
    public synchronized void arrived() {
        raise(Step.ARRIVAL, arrived, null, "", "");
    }

    @Override
    public synchronized void admitted(String action, Kind kind) {
        this.action = action;
        this.kind = Optional.of(kind);
    }

    @Override
    public synchronized void claiming() {
        mark = System.nanoTime();
    }

    @Override
    public synchronized void claimed(UUID executionId) {
        this.executionId = Optional.of(executionId);
        raise(Step.CLAIM, mark, null, "", "");
    }

    @Override
    public synchronized void entering(UUID executionId) {
        this.executionId = Optional.of(executionId);
        raise(Step.ENTRY, arrived, null, "", "");
        mark = System.nanoTime();
    }

    @Override
    public synchronized void ended(Ending ending) {
        String code = ending.code();
        raise(Step.ENDING, mark, ending.state(), code == null ? "" : code, "");
    }

    @Override
    public synchronized void overdue() {
        raise(Step.TIMEOUT, arrived, null, Doubt.EXECUTION_TIMEOUT.problem(), "");
    }

    @Override
    public synchronized void answered(@Nullable Execution execution, @Nullable Throwable failure) {
        if (execution != null) {
            executionId = Optional.of(execution.id());
            last(execution.replayed() ? Step.REPLAY : Step.SUCCESS, "", "");
        } else if (failure instanceof ExecutionFailedException failed) {
            executionId = Optional.of(failed.executionId());
            last(failed.replayed() ? Step.REPLAY : Step.FAILURE, failed.code(), "");
        } else if (failure instanceof RefusedException refused) {
            executionId = Optional.empty();
            last(Step.REFUSAL, refused.reason().problem(), refused.rule());
        } else if (failure instanceof InDoubtException inDoubt) {
            executionId = inDoubt.executionId();
            last(Step.DOUBT, inDoubt.doubt().problem(), "");
        } else if (failure instanceof StoreException trouble) {
            last(Step.FAULT, trouble.reason().problem(), "");
        } else {
            last(Step.FAULT, "internal-error", "");
        }
    }

    private void last(Step step, String code, String rule) {
        raise(step, arrived, null, code, rule);
        over = true;
    }

    private void raise(Step step, long since, Ending.@Nullable State state, String code, String rule) {
        if (over) { // a run that was given up has ended at last
            return;
        }
        try {
            long now = System.nanoTime();
            Instant at = arrival(now).plusNanos(now - arrived);
            Duration took = Duration.ofNanos(now - since);
            listeners.tell(new Event(
                    number, step, at, took, action, kind, executionId, Optional.ofNullable(state), code, rule));
        } catch (Throwable e) { // not even an Error of ours may change what becomes of the request
            listeners.missed();
        }
    }

    private Instant arrival(long now) {
        Instant known = arrival;
        if (known == null) {
            known = clock.instant().minusNanos(now - arrived);
            arrival = known;
        }
        return known;
    }
}
