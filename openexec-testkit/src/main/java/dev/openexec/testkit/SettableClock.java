package dev.openexec.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock that stands still until it is set, so that no test waits for time to pass: hand it to
 * {@link dev.openexec.Executor.Builder#clock}, and give approvals its time. Thread-safe.
 */
public final class SettableClock implements InstantSource {

    private volatile Instant now;

    /**
     * A clock that shows this time.
     *
     * @param now what it shows
     */
    public SettableClock(Instant now) {
        this.now = now;
    }

    @Override
    public Instant instant() {
        return now;
    }

    /**
     * Sets it, forwards or backwards.
     *
     * @param instant what it shows from now on
     */
    public void set(Instant instant) {
        now = instant;
    }

    /**
     * Moves it.
     *
     * @param duration how far; a negative one moves it backwards
     */
    public synchronized void advance(Duration duration) {
        now = now.plus(duration);
    }
}
