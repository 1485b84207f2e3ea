package dev.openexec.store.jdbc;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** Clocks that are wrong by less than a ledger minds. */
enum HostileClock {
    /** To and fro, at each reading. */
    JUMPING {
        @Override
        long behind(long reading) {
            return reading % 2 == 0 ? 0 : MOST;
        }
    },
    /** A little further at each reading, as far as it may. */
    BACKWARDS {
        @Override
        long behind(long reading) {
            return Math.min(MOST, reading * Duration.ofMillis(1).toNanos());
        }
    };

    private static final long MOST = Duration.ofMillis(4_900).toNanos();

    abstract long behind(long reading);

    /** Never ahead of this one. */
    InstantSource besides(InstantSource right) {
        AtomicLong readings = new AtomicLong();
        return () -> right.instant().minusNanos(behind(readings.getAndIncrement()));
    }
}
