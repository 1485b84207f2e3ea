package dev.openexec.store.jdbc;

import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore.Work;
import java.sql.Connection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** The ledger's connection, lent to an action on a thread of its own, for no longer than the budget. */
final class Loan {

    private final UUID executionId;
    private final Work work;
    private final Duration budget;
    private final InstantSource clock;
    private final AtomicBoolean decided = new AtomicBoolean(); // whether the work begins or never will
    private final CompletableFuture<Ending> ending = new CompletableFuture<>();

    Loan(UUID executionId, Work work, Duration budget, InstantSource clock) {
        this.executionId = executionId;
        this.work = work;
        this.budget = budget;
        this.clock = clock;
    }

    /**
     * How the work ended by the end of the budget. If it has not begun by then it never will, nor if this throws what kept it
     * from its thread.
     */
    Ending lend(Connection connection, Executor thread) {
        long end = System.nanoTime() + budget.toNanos();
        try {
            thread.execute(() -> run(connection));
        } catch (RuntimeException | Error e) {
            if (decided.compareAndSet(false, true)) {
                throw e;
            }
        }
        while (true) {
            try {
                return ending.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                // it means nothing on the ledger's thread
            } catch (TimeoutException e) {
                decided.set(true);
                Failures.tell("Execution {0} took longer than its budget of {1}: it is undone", executionId, budget);
                return Ending.failed(clock.instant(), "budget-exceeded");
            } catch (ExecutionException e) {
                return Ending.failed(clock.instant(), "action-error");
            }
        }
    }

    private void run(Connection connection) {
        if (decided.compareAndSet(false, true)) {
            try {
                ending.complete(work.in(connection));
            } catch (Throwable e) { // even an Error: the ledger waits for an ending
                ending.completeExceptionally(e);
            }
        }
    }
}
