package dev.openexec.server;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where evidence is put into words and verified: one thread, so that whoever asks for much of it keeps neither the ledger nor
 * more than one core from the others. There only while there is work.
 */
final class EvidenceThread implements Executor {

    private static final int MAX_WAITING = 64;

    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1, 1, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING), EvidenceThread::daemon);

    EvidenceThread() {
        thread.allowCoreThreadTimeOut(true);
    }

    private static Thread daemon(Runnable task) {
        Thread daemon = new Thread(task, "openexec-evidence");
        daemon.setDaemon(true);
        return daemon;
    }

    /** @throws RejectedExecutionException if too much is waiting */
    @Override
    public void execute(Runnable task) {
        thread.execute(task);
    }
}
