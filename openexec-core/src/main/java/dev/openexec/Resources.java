package dev.openexec;

import java.util.concurrent.ExecutorService;

/** What all requests share: the permits, the threads, the timer and the listeners. */
final class Resources implements AutoCloseable {

    private final Permits permits;
    private final Timer timer;
    private final ExecutorService continuations;
    private final ExecutorService actions;
    private final Threads threads;
    private final Listeners listeners;

    Resources(Options options) {
        this.permits = new Permits(options.maxConcurrent);
        this.timer = new Timer();
        this.continuations = Threads.pool("continuation", Runtime.getRuntime().availableProcessors());
        this.actions = actions(options.actionThreads);
        this.threads = new Threads(continuations, actions);
        this.listeners = new Listeners(options.listeners, options.clock, options.drainBudget);
    }

    private ExecutorService actions(int threads) {
        try {
            return Threads.pool("action", threads);
        } catch (Error e) {
            continuations.shutdown();
            throw e;
        }
    }

    Permits permits() {
        return permits;
    }

    Timer timer() {
        return timer;
    }

    /** The pools for requests that hold no thread of their caller. */
    Threads threads() {
        return threads;
    }

    Listeners listeners() {
        return listeners;
    }

    /** To be called after the last answer: it is the last event. */
    @Override
    public void close() {
        timer.close();
        continuations.shutdown();
        actions.shutdown();
        listeners.close();
    }
}
