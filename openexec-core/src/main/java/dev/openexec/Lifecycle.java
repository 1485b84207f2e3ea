package dev.openexec;

import dev.openexec.store.ExecutionStore;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;

/** What lives and dies with an executor: the store and who looks after it, the permits, the threads, the timer and the listeners. */
final class Lifecycle implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Lifecycle.class.getName());

    private static final Duration LISTENING = Duration.ofSeconds(5); // how long a slow listener can hold up a close

    private final ExecutionStore store;
    private final boolean durable;
    private final Recovery recovery;
    private final Heartbeat heartbeat;
    private final Ledger ledger;
    private final Permits permits;
    private final Duration drainBudget;
    private final Timer timer;
    private final ExecutorService continuations;
    private final ExecutorService handlers;
    private final Threads threads;
    private final Listeners listeners;
    private final AtomicBoolean closed = new AtomicBoolean();

    Lifecycle(ExecutionStore store, boolean durable, Recovery recovery, Ledger ledger, Timer timer, Options options) {
        this.store = store;
        this.durable = durable;
        this.recovery = recovery;
        this.heartbeat = new Heartbeat(store, recovery);
        this.ledger = ledger;
        this.permits = new Permits(options.maxConcurrent);
        this.drainBudget = options.drainBudget;
        this.timer = timer;
        this.continuations = Threads.pool("continuation", Runtime.getRuntime().availableProcessors());
        this.handlers = Threads.pool("handler", options.handlerThreads);
        this.threads = new Threads(continuations, handlers);
        this.listeners = new Listeners(options.listeners, options.clock, LISTENING);
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
        }
    }

    Permits permits() {
        return permits;
    }

    Listeners listeners() {
        return listeners;
    }

    /** The pools for requests that hold no thread of their caller. */
    Threads threads() {
        return threads;
    }

    Executor.Readiness readiness() {
        return new Executor.Readiness(durable, permits.isClosed() ? List.of("shutting-down") : heartbeat.obstacles());
    }

    /** The first call closes; any other returns at once. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        heartbeat.close();
        try {
            if (!permits.closeAndAwait(drainBudget)) {
                ledger.abandon("drain-exceeded").toCompletableFuture().join();
            }
        } catch (CompletionException e) {
            LOG.log(Level.WARNING, "Not every open execution could be recorded; recovery will find the rest");
        } finally {
            store.close();
            timer.close();
            continuations.shutdown();
            handlers.shutdown();
            listeners.close(); // after the last answer, which is the last event
        }
    }
}
