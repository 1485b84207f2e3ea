package dev.openexec;

import dev.openexec.store.ExecutionStore;
import dev.openexec.store.StoreException;
import dev.openexec.store.Write;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Shows, by doing it, that a write would be durable now, and recovers what others left behind. */
final class Heartbeat implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Heartbeat.class.getName());
    private static final Duration PERIOD = Duration.ofSeconds(5);
    private static final Duration FRESH = Duration.ofSeconds(10);

    private final ExecutionStore store;
    private final Recovery recovery;
    private final Refusals refusals;
    private final ScheduledExecutorService timer;
    private volatile long lastBeat;
    private volatile String obstacle = StoreException.Reason.STORE_UNAVAILABLE.problem(); // until the first beat

    Heartbeat(ExecutionStore store, Recovery recovery, Refusals refusals) {
        this.store = store;
        this.recovery = recovery;
        this.refusals = refusals;
        this.timer = Executors.newSingleThreadScheduledExecutor(Threads.daemons("heartbeat"));
    }

    /** Beats once, so that a store that cannot write is found out at the start, and then every 5 s. */
    void start() {
        store.write(new Write.Beat()).toCompletableFuture().join();
        lastBeat = System.nanoTime();
        obstacle = "";
        long period = PERIOD.toMillis();
        Future<?> unused = timer.scheduleWithFixedDelay(this::beatOn, period, period, TimeUnit.MILLISECONDS);
    }

    List<String> obstacles() {
        if (!obstacle.isEmpty()) {
            return List.of(obstacle);
        }
        boolean fresh = System.nanoTime() - lastBeat <= FRESH.toNanos();
        return fresh ? List.of() : List.of(StoreException.Reason.STORE_UNAVAILABLE.problem());
    }

    /** A timer drops a task that throws; the next beat may well succeed. */
    private void beatOn() {
        try {
            beat();
        } catch (Throwable e) {
            obstacle = StoreException.Reason.STORE_UNAVAILABLE.problem();
        }
    }

    void beat() {
        store.write(new Write.Beat()).whenComplete((outcome, failure) -> {
            if (failure == null) {
                lastBeat = System.nanoTime();
                obstacle = "";
            } else {
                obstacle = name(failure);
                LOG.log(Level.WARNING, "The ledger cannot be written: {0}", obstacle);
            }
        });
        refusals.flush();
        recovery.recover().whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.log(Level.WARNING, "Recovery failed: {0}", name(failure));
            }
        });
    }

    private static String name(Throwable failure) {
        return Failures.cause(failure) instanceof StoreException e
                ? e.reason().problem()
                : StoreException.Reason.STORE_UNAVAILABLE.problem();
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
