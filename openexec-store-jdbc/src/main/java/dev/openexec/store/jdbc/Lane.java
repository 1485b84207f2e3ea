package dev.openexec.store.jdbc;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread and what is queued for it. Whatever came while one batch was at work is the next batch, the most urgent
 * first: the running commit is the batching window, and nobody waits for company.
 */
final class Lane<R extends Request<?>> {

    /** What the lane's thread does; called on that thread only. */
    interface Work<R> {
        /** Answers every request of the batch. */
        void work(List<R> batch);

        /** Answers what a batch left unanswered when it broke down. Called again if this breaks down too. */
        void brokeDown(List<R> batch, Throwable failure);

        /** Whether to call again soon, with an empty batch if nothing new came. */
        boolean unfinished();

        /** The last call. */
        void end();
    }

    private static final int MAX_REQUESTS = 512;
    private static final long MAX_BYTES = 8 << 20;
    private static final long RETRY_MILLIS = 1_000;

    private record Queued<R extends Request<?>>(long number, R request) {}

    private final PriorityQueue<Queued<R>> queue = new PriorityQueue<>(
            Comparator.<Queued<R>>comparingInt(q -> q.request.urgency()).thenComparingLong(q -> q.number));
    private final Work<R> work;
    private final Thread thread;
    private long accepted;
    private boolean closed;

    Lane(String name, Work<R> work) {
        this.work = work;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Whether it was accepted: not after {@link #close}. */
    synchronized boolean offer(R request) {
        if (closed) {
            return false;
        }
        queue.add(new Queued<>(accepted++, request));
        notifyAll();
        return true;
    }

    /** How many requests are queued. */
    synchronized int waiting() {
        return queue.size();
    }

    /** Completes what was accepted. */
    void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        for (List<R> batch = nextIfAny(); !batch.isEmpty() || !finished(); batch = nextIfAny()) {
            work(batch);
        }
        work.end();
    }

    private void work(List<R> batch) {
        try {
            work.work(batch);
        } catch (Throwable failure) { // whatever it is, the lane lives on, and nobody waits for ever
            while (!told(batch, failure)) {
                Thread.interrupted(); // it means nothing here, and would keep the lane from pausing
                LockSupport.parkNanos(MILLISECONDS.toNanos(RETRY_MILLIS));
            }
        }
    }

    private boolean told(List<R> batch, Throwable failure) {
        try {
            work.brokeDown(batch, failure);
            return true;
        } catch (Throwable noMemory) { // there is some again sooner or later
            return false;
        }
    }

    private synchronized boolean finished() {
        return closed && queue.isEmpty();
    }

    private List<R> nextIfAny() {
        try {
            return next();
        } catch (Throwable noMemory) { // there is some again sooner or later, and somebody waiting
            return List.of();
        }
    }

    /** Waits for work. Empty at the end, and when unfinished work is due. */
    private synchronized List<R> next() {
        boolean due = false;
        while (queue.isEmpty() && !closed && !due) {
            due = work.unfinished();
            try {
                wait(due ? RETRY_MILLIS : 0);
            } catch (InterruptedException e) {
                // left behind by a stage that ran on this thread; it means nothing here
            }
        }
        List<R> batch = new ArrayList<>(MAX_REQUESTS); // so that nothing is taken out that finds no place in it
        long bytes = 0;
        while (!queue.isEmpty() && batch.size() < MAX_REQUESTS && bytes < MAX_BYTES) {
            if (queue.element().request.alone()) {
                return batch.isEmpty() ? List.of(queue.remove().request) : batch;
            }
            R request = queue.remove().request;
            bytes += request.size();
            batch.add(request);
        }
        return batch;
    }
}
