package dev.openexec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.openexec.json.Digest;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.Outcome;
import dev.openexec.store.ReceiptLog;
import dev.openexec.store.Receipts;
import dev.openexec.store.StoreException;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HeartbeatTest {

    /** A ledger that can fill up and be emptied again. */
    private static final class Disk implements ExecutionStore {

        private boolean full;
        private boolean outOfMemory;

        @Override
        public CompletionStage<Outcome> write(Write write) {
            return full
                    ? CompletableFuture.failedFuture(
                            new StoreException(StoreException.Reason.STORE_FULL, "No room is left"))
                    : CompletableFuture.completedFuture(Outcome.applied(-1));
        }

        @Override
        public Opened open(boolean signed, InstantSource clock) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Optional<StoredExecution>> find(List<Digest> keys) {
            return CompletableFuture.completedFuture(Optional.empty());
        }

        @Override
        public CompletionStage<List<Orphan>> orphans(@Nullable UUID after, int limit) {
            if (outOfMemory) {
                throw new OutOfMemoryError("of this test");
            }
            return CompletableFuture.completedFuture(List.of());
        }

        @Override
        public CompletionStage<Optional<StoredExecution>> execution(UUID executionId) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<List<StoredExecution>> executions(@Nullable UUID after, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T> CompletionStage<T> log(Function<ReceiptLog, T> question) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    private static Recovery recovery(Disk disk) {
        return new Recovery(
                disk,
                new Receipts("0".repeat(32)),
                InstantSource.system(),
                row -> new CompletableFuture<>(),
                Runnable::run);
    }

    private static Refusals refusals(Disk disk) {
        return new Refusals(disk, new Receipts("0".repeat(32)), InstantSource.system());
    }

    @Test
    void a_ledger_that_cannot_be_written_is_an_obstacle_until_it_can_be_again() {
        Disk disk = new Disk();
        try (Heartbeat heartbeat = new Heartbeat(disk, recovery(disk), refusals(disk))) {
            heartbeat.start();
            assertThat(heartbeat.obstacles()).isEmpty();
            disk.full = true;
            heartbeat.beat();
            assertThat(heartbeat.obstacles()).containsExactly("store-full");
            disk.full = false;
            heartbeat.beat();
            assertThat(heartbeat.obstacles()).isEmpty();
        }
    }

    @Test
    void a_recovery_that_an_error_stopped_leaves_nobody_waiting_for_it() {
        Disk disk = new Disk();
        Recovery recovery = recovery(disk);
        disk.outOfMemory = true;
        assertThatCode(() -> recovery.recover()).doesNotThrowAnyException();
        disk.outOfMemory = false;

        assertThat(recovery.recover()).isCompleted();
    }

    @Test
    void a_ledger_that_has_never_answered_is_an_obstacle() {
        Disk disk = new Disk();
        try (Heartbeat heartbeat = new Heartbeat(disk, recovery(disk), refusals(disk))) {
            assertThat(heartbeat.obstacles()).containsExactly("store-unavailable");
        }
    }
}
