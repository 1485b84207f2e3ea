package dev.openexec;

import dev.openexec.ExecutionListener.Event;
import java.lang.System.Logger.Level;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Hands one listener its events, one after the other, on a thread of its own. */
final class Delivery {

    private static final System.Logger LOG = System.getLogger(Delivery.class.getName());

    private final ExecutionListener listener;
    private final LongAdder dropped;
    private final CompletableFuture<Void> finished = new CompletableFuture<>();
    private final ThreadPoolExecutor thread;
    private long failures; // only the thread itself knows

    Delivery(ExecutionListener listener, int capacity, LongAdder dropped) {
        this.listener = listener;
        this.dropped = dropped;
        this.thread =
                new ThreadPoolExecutor(
                        1,
                        1,
                        0,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(capacity),
                        Threads.daemons("listener"),
                        (event, pool) -> dropped.increment()) {
                    @Override
                    protected void terminated() {
                        finished.complete(null);
                    }
                };
    }

    /** Never waits: what does not fit, or comes too late, is dropped. */
    void offer(Event event) {
        thread.execute(() -> deliver(event));
    }

    private void deliver(Event event) {
        try {
            listener.on(event);
        } catch (Throwable e) { // even an Error: it is the listener's own affair
            failures++;
            if (Long.bitCount(failures) == 1) { // the 1st, 2nd, 4th, 8th: requests must not be able to fill the log
                LOG.log(Level.WARNING, "A listener failed, {0} so far: {1}", failures, Failures.trace(e));
            }
        }
    }

    /** Takes no further event. Completes once all are delivered that it has taken. */
    CompletableFuture<Void> finish() {
        thread.shutdown();
        return finished;
    }

    /** Drops what is not delivered yet, and interrupts the listener. */
    void giveUp() {
        dropped.add(thread.shutdownNow().size());
    }
}
