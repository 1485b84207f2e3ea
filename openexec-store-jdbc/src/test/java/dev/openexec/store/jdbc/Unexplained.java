package dev.openexec.store.jdbc;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/** A failure for which there is no memory, once, when it is looked at. */
final class Unexplained extends SQLException {
    private static final long serialVersionUID = 1;

    private final transient AtomicInteger looks;
    private final int starved;

    /**
     * @param looks counts how often any of those that share it is looked at
     * @param starved which of these looks finds no memory; the first is 1
     */
    Unexplained(AtomicInteger looks, int starved) {
        this.looks = looks;
        this.starved = starved;
    }

    @Override
    public int getErrorCode() {
        if (looks.incrementAndGet() == starved) {
            throw new OutOfMemoryError("of this test");
        }
        return super.getErrorCode();
    }
}
