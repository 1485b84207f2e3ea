package dev.openexec.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until it is set. Thread-safe. */
public final class SettableClock implements InstantSource {

    private Instant now;

    public SettableClock(Instant start) {
        now = start;
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    /** Sets it, backwards too. */
    public synchronized void set(Instant instant) {
        now = instant;
    }

    /** Moves it on; back, if the duration is negative. */
    public synchronized void advance(Duration duration) {
        now = now.plus(duration);
    }
}
