package dev.openexec.store.jdbc;

import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Nested;

/** Nothing that is not about time depends on the clock: whole suites, once more by clocks that are wrong. */
class HostileClockTest {

    @Nested
    class TheContractByAClockThatJumps extends SqliteStoreContractTest {
        @Override
        protected InstantSource clock(Instant latest) {
            return HostileClock.JUMPING.besides(super.clock(latest));
        }
    }

    @Nested
    class TheContractByAClockThatRunsBackwards extends SqliteStoreContractTest {
        @Override
        protected InstantSource clock(Instant latest) {
            return HostileClock.BACKWARDS.besides(super.clock(latest));
        }
    }

    @Nested
    class RetriesByAClockThatJumps extends RetryTest {
        @Override
        InstantSource seen(InstantSource right) {
            return HostileClock.JUMPING.besides(right);
        }
    }

    @Nested
    class RetriesByAClockThatRunsBackwards extends RetryTest {
        @Override
        InstantSource seen(InstantSource right) {
            return HostileClock.BACKWARDS.besides(right);
        }
    }

    @Nested
    class ExecutorsByAClockThatJumps extends ExecutorOnSqliteTest {
        @Override
        InstantSource seen(InstantSource right) {
            return HostileClock.JUMPING.besides(right);
        }
    }

    @Nested
    class ExecutorsByAClockThatRunsBackwards extends ExecutorOnSqliteTest {
        @Override
        InstantSource seen(InstantSource right) {
            return HostileClock.BACKWARDS.besides(right);
        }
    }

    @Nested
    class TransactionsByAClockThatJumps extends TransactionalActionTest {
        @Override
        InstantSource seen(InstantSource right) {
            return HostileClock.JUMPING.besides(right);
        }
    }

    @Nested
    class TransactionsByAClockThatRunsBackwards extends TransactionalActionTest {
        @Override
        InstantSource seen(InstantSource right) {
            return HostileClock.BACKWARDS.besides(right);
        }
    }
}
