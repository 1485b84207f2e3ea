package dev.openexec;

import dev.openexec.action.Kind;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where a request is carried on once the ledger has answered: never on a store's thread.
 *
 * @param continuations for what neither blocks nor takes long: looking at rows, PURE actions, answers
 * @param actions for every other action
 */
record Threads(Executor continuations, Executor actions) {

    /** Everything on one thread. */
    static Threads only(Executor thread) {
        return new Threads(thread, thread);
    }

    Executor forKind(Kind kind) {
        return kind == Kind.PURE ? continuations : actions;
    }

    /**
     * A pool of daemon threads, all of them there from the start: where the system has no threads left, the executor is not
     * built, instead of losing a request that it has claimed. Its queue needs no bound of its own: permits bound what can be
     * in it. After its shutdown it runs what still comes on the thread that brings it, so that no stage is left without an
     * end.
     */
    static ExecutorService pool(String name, int size) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                size,
                size,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                daemons(name),
                (task, closed) -> task.run());
        try {
            pool.prestartAllCoreThreads();
            return pool;
        } catch (Error e) {
            pool.shutdown();
            throw e;
        }
    }

    static ThreadFactory daemons(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "openexec-" + name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
