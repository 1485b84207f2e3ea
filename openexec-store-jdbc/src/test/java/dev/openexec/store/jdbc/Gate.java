package dev.openexec.store.jdbc;

import java.sql.Connection;
import java.util.concurrent.CountDownLatch;

/** Holds the thread that comes to it until it is opened. */
final class Gate implements Interposed.Step {

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    @Override
    public void run(Connection connection) {
        reached.countDown();
        await(open);
    }

    void awaitSomebody() {
        await(reached);
    }

    void open() {
        open.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
