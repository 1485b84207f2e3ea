package dev.openexec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.Admission.Admitted;
import dev.openexec.Authorization.Authorized;
import dev.openexec.InDoubtException.Doubt;
import dev.openexec.action.Action;
import dev.openexec.action.ActionContext;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Digest;
import dev.openexec.json.Json;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.Outcome;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A duplicate has one time to wait in, for a neighbour in this process and for another process together. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WaitingTest {

    private static final InstantSource CLOCK = InstantSource.system();

    /** A ledger whose rows stay as they are, and that counts how often it was looked at. */
    private static final class Standstill implements ExecutionStore {

        private final StoredExecution row;
        private final List<List<Digest>> looks = new ArrayList<>();

        private Standstill(StoredExecution row) {
            this.row = row;
        }

        @Override
        public CompletionStage<Optional<StoredExecution>> find(List<Digest> keys) {
            looks.add(keys);
            return CompletableFuture.completedFuture(Optional.of(row));
        }

        @Override
        public CompletionStage<List<Orphan>> orphans(@Nullable UUID after, int limit) {
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
        public Opened open(boolean signed, InstantSource clock) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Outcome> write(Write write) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    private static Action<Json> pay() {
        return new Action<>() {
            @Override
            public String name() {
                return "pay";
            }

            @Override
            public Class<Json> inputType() {
                return Json.class;
            }

            @Override
            public Json run(Json input, ActionContext context) {
                return input;
            }
        };
    }

    /** An attempt that has waited as long as it may. */
    private static Attempt impatient() {
        return new Attempt(Threads.only(Runnable::run), System.nanoTime(), Observation.NONE);
    }

    @Test
    void who_has_no_time_left_looks_at_a_running_row_once() throws Exception {
        Authorized request = new Authorization(ApprovalPolicy.unsignedDemo(), CLOCK)
                .authorize(ExecutionRequest.of("pay", Json.emptyObject(), "n-1"));
        Admitted admitted = new Admission(
                        Optional.empty(), new ActionRegistry(List.of(pay()), ExecutionStore.inMemory()))
                .admit(request, impatient());
        StoredExecution running = new StoredExecution(ClaimDraft.of(admitted, Instant.EPOCH), 1, null);
        Standstill store = new Standstill(running);
        Standing standing =
                new Standing(store, CLOCK, new Recovery(store, CLOCK, row -> new CompletableFuture<>(), Runnable::run));
        assertInProgress(standing.settle(request, running, impatient()));
        assertThat(store.looks).hasSize(1);
    }

    @Test
    void who_has_no_time_left_does_not_wait_for_a_neighbour() {
        InFlight inFlight = new InFlight();
        List<Digest> keys = List.of(Digest.ofUtf8("n-1"));
        CompletableFuture<String> endless = new CompletableFuture<>();
        CompletionStage<String> first = inFlight.afterFirst(keys, impatient(), () -> endless);
        assertInProgress(inFlight.afterFirst(keys, impatient(), () -> CompletableFuture.completedFuture("second")));
        endless.complete("first");
        assertThat(first.toCompletableFuture().join()).isEqualTo("first");
    }

    private static void assertInProgress(CompletionStage<?> answer) {
        assertThatThrownBy(answer.toCompletableFuture()::join)
                .extracting(Failures::cause)
                .isInstanceOfSatisfying(
                        InDoubtException.class, e -> assertThat(e.doubt()).isEqualTo(Doubt.EXECUTION_IN_PROGRESS));
    }
}
