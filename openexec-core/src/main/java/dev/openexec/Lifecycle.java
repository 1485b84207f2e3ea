package dev.openexec;

import dev.openexec.store.ExecutionStore;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** The beginning and the end of an executor, and its heartbeat in between. */
final class Lifecycle implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Lifecycle.class.getName());

    private final ExecutionStore store;
    private final boolean durable;
    private final Recovery recovery;
    private final Refusals refusals;
    private final Heartbeat heartbeat;
    private final Claims claims;
    private final Resources resources;
    private final Duration drainBudget;
    private final AtomicBoolean closed = new AtomicBoolean();

    Lifecycle(
            ExecutionStore store,
            boolean durable,
            Recovery recovery,
            Refusals refusals,
            Claims claims,
            Resources resources,
            Duration drainBudget) {
        this.store = store;
        this.durable = durable;
        this.recovery = recovery;
        this.refusals = refusals;
        this.heartbeat = new Heartbeat(store, recovery, refusals);
        this.claims = claims;
        this.resources = resources;
        this.drainBudget = drainBudget;
    }

    /**
     * Recovery comes before the first request, and the first heartbeat shows whether the ledger can be written. If either
     * fails, this closes again.
     */
    void start() {
        try {
            recovery.recover().toCompletableFuture().join();
            heartbeat.start();
        } catch (CompletionException e) {
            close();
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        } catch (RuntimeException | Error e) { // no thread for the heartbeat, for one
            close();
            throw e;
        }
    }

    Executor.Readiness readiness() {
        return new Executor.Readiness(
                durable, resources.permits().isClosed() ? List.of("shutting-down") : heartbeat.obstacles());
    }

    /** The first call closes; any other returns at once. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        heartbeat.close();
        try {
            if (!resources.permits().closeAndAwait(drainBudget)) {
                claims.giveUp("drain-exceeded").toCompletableFuture().join();
            }
        } catch (CompletionException e) {
            LOG.log(Level.WARNING, "Not every open execution could be recorded; recovery will find the rest");
        } finally {
            CompletionStage<?> unused = refusals.flushNow(); // closing, the store completes what it has accepted
            store.close();
            resources.close();
        }
    }
}
