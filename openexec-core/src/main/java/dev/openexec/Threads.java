package dev.openexec;

import dev.openexec.action.Kind;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where a request is carried on once the ledger has answered: never on a store's thread.
 *
 * @param light for what neither blocks nor takes long: looking at rows, PURE actions
 * @param handlers for every other action
 */
record Threads(Executor light, Executor handlers) {

    /** Everything on one thread. */
    static Threads only(Executor thread) {
        return new Threads(thread, thread);
    }

    Executor forKind(Kind kind) {
        return kind == Kind.PURE ? light : handlers;
    }

    static ExecutorService pool(String name, int size) {
        AtomicInteger number = new AtomicInteger();
        ThreadFactory daemons = task -> {
            Thread thread = new Thread(task, "openexec-" + name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        return Executors.newFixedThreadPool(size, daemons);
    }
}
