package dev.openexec.campaigns;

import java.time.Instant;
import java.time.InstantSource;

/** A clock that can be set, and that runs at any speed: 1 as clocks do, 0 not at all, -1 backwards. */
final class RunningClock implements InstantSource {

    private record Setting(Instant time, double speed, long nanoTime) {}

    private volatile Setting setting = new Setting(InstantSource.system().instant(), 1, System.nanoTime());

    @Override
    public Instant instant() {
        Setting now = setting;
        return now.time.plusNanos(Math.round((System.nanoTime() - now.nanoTime) * now.speed));
    }

    void set(Instant time, double speed) {
        setting = new Setting(time, speed, System.nanoTime());
    }
}
