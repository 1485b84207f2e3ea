package dev.openexec;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;

/** Runs on the calling thread what is handed over, until an answer is there. */
final class CallerThread implements Executor {

    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /**
     * Returns once the answer is complete. An interrupt does not end the wait, because what was claimed has to be brought
     * to its end; it is kept for the caller.
     */
    void runUntilDone(CompletableFuture<?> answer) {
        CompletableFuture<?> unused = answer.whenComplete((value, failure) -> tasks.add(() -> {})); // wakes the loop
        boolean interrupted = false;
        while (!answer.isDone()) {
            try {
                tasks.take().run();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
