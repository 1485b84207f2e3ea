package dev.openexec;

import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The one thread that knows when a wait or a deadline is over. It hands on what is due, and does nothing else. */
final class Timer implements AutoCloseable {

    private final ScheduledThreadPoolExecutor thread;

    Timer() {
        this.thread = new ScheduledThreadPoolExecutor(1, Threads.daemons("timer"));
        thread.setRemoveOnCancelPolicy(true); // or every request would stay here until its deadline
        thread.prestartCoreThread();
    }

    /** Something that is due later, unless it is cancelled before. */
    @FunctionalInterface
    interface Alarm {

        /** Forgets it. Idempotent, and without effect once it was handed on. */
        void cancel();
    }

    /** Has the executor do this after so many nanoseconds; at once if this is closed by then, since nobody waits for it. */
    Alarm after(long nanos, Executor executor, Runnable task) {
        try {
            Future<?> due = thread.schedule(() -> executor.execute(task), nanos, TimeUnit.NANOSECONDS);
            return () -> due.cancel(false);
        } catch (RejectedExecutionException e) {
            executor.execute(task);
            return () -> {};
        }
    }

    /** How much is due some time. */
    int pending() {
        return thread.getQueue().size();
    }

    boolean isClosed() {
        return thread.isShutdown();
    }

    /** Takes no more. What is due later still comes, so that nobody is left without an answer; then the thread ends. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
