package dev.openexec;

import dev.openexec.RefusedException.Reason;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Bounds the requests at work at once, which bounds every queue behind them, and lets a closing executor wait for them. */
final class Permits {

    private final int limit;
    private final Semaphore free;
    private volatile boolean closed;

    Permits(int limit) {
        this.limit = limit;
        this.free = new Semaphore(limit);
    }

    void acquire() throws RefusedException {
        if (closed) {
            throw new RefusedException(Reason.SHUTTING_DOWN);
        }
        if (!free.tryAcquire()) {
            throw new RefusedException(Reason.OVERLOADED);
        }
        if (closed) { // looked at again with the permit in hand: none is given once close() has begun to wait
            free.release();
            throw new RefusedException(Reason.SHUTTING_DOWN);
        }
    }

    void release() {
        free.release();
    }

    boolean isClosed() {
        return closed;
    }

    /**
     * Gives no further permit, and waits for those that are out: false if some still were when the time was up. An
     * interrupt does not cut it short; it is kept for the caller.
     */
    boolean closeAndAwait(Duration budget) {
        closed = true;
        long deadline = System.nanoTime() + budget.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return free.tryAcquire(limit, deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
