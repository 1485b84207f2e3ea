package dev.openexec.server;

import java.lang.System.Logger;

/** What becomes of a throwable that nobody caught. */
final class LastResort implements Thread.UncaughtExceptionHandler {

    private static final Logger LOG = System.getLogger(LastResort.class.getName());

    private final int status;

    /**
     * @param status the exit status where going on is out of the question
     */
    LastResort(int status) {
        this.status = status;
    }

    /**
     * After an error of the virtual machine, such as no memory left, threads may be missing and objects half-changed: the
     * process ends at once, and the ledger is recovered at the next start. Anything else has cost one thread its life.
     */
    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
        if (failure instanceof VirtualMachineError) {
            try {
                System.err.println("Stopped at once: " + failure.getClass().getName());
            } finally {
                Runtime.getRuntime().halt(status);
            }
        }
        LOG.log(Logger.Level.ERROR, () -> "Thread " + thread.getName() + " ended: " + Trace.of(failure));
    }
}
