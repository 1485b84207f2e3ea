package dev.openexec;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
     * The answer once it is there, or its failure as the executor declares it. An interrupt does not end the wait, because
     * what was claimed has to be brought to its end; it is kept for the caller.
     */
    Execution await(CompletableFuture<Execution> answer)
            throws RefusedException, ExecutionFailedException, InDoubtException {
        runUntilDone(answer);
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RefusedException refused) {
                throw refused;
            }
            if (e.getCause() instanceof ExecutionFailedException failed) {
                throw failed;
            }
            if (e.getCause() instanceof InDoubtException inDoubt) {
                throw inDoubt;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException accident ? accident : e;
        }
    }

    /** Runs what is handed over until the answer is there, whatever it is. */
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
