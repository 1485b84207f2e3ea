package dev.openexec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.Admission.Admitted;
import dev.openexec.Authorization.Authorized;
import dev.openexec.InDoubtException.Doubt;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Digest;
import dev.openexec.json.Json;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.Outcome;
import dev.openexec.store.ReceiptLog;
import dev.openexec.store.Receipts;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
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
        public <T> CompletionStage<T> log(Function<ReceiptLog, T> question) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    private final Timer timer = new Timer();
    private final WaitingRoom room = WaitingRoom.besides(1024);
    private final InFlight inFlight = new InFlight(room, timer);
    private final List<Digest> keys = List.of(Digest.ofUtf8("n-1"));
    private final CompletableFuture<String> endless = new CompletableFuture<>();

    @AfterEach
    void close() {
        timer.close();
    }

    private static Call patient(Duration budget) {
        return Call.beginning(Threads.only(Runnable::run), budget, Observation.NONE);
    }

    /** A call that has waited as long as it may. */
    private static Call impatient() {
        return patient(Duration.ZERO);
    }

    private static StoredExecution running() throws RefusedException {
        Authorized request = request();
        Admitted admitted = new Admission(Optional.empty(), new ActionRegistry(List.of(Doing.nothing())))
                .admit(request, impatient());
        return new StoredExecution(ClaimDraft.of(admitted, Instant.EPOCH), 1, null);
    }

    private static Authorized request() throws RefusedException {
        return new Authorization(ApprovalPolicy.unsignedDemo(), CLOCK)
                .authorize(ExecutionRequest.of("pay", Json.emptyObject(), "n-1"));
    }

    private Standing standing(Standstill store) {
        return new Standing(
                store,
                CLOCK,
                new Recovery(
                        store, new Receipts("0".repeat(32)), CLOCK, row -> new CompletableFuture<>(), Runnable::run),
                room,
                timer);
    }

    private CompletableFuture<String> duplicate(Call call) {
        return inFlight.afterFirst(keys, call, () -> CompletableFuture.completedFuture("second"))
                .toCompletableFuture();
    }

    @Test
    void who_has_no_time_left_looks_at_a_running_row_once() throws Exception {
        StoredExecution running = running();
        Standstill store = new Standstill(running);
        assertInProgress(standing(store).settle(request(), running, impatient()));
        assertThat(store.looks).hasSize(1);
    }

    @Test
    void who_waits_for_a_claim_that_was_taken_back_gets_nobody_else_s_answer() throws Exception {
        StoredExecution takenBack = running();
        StoredExecution others =
                new StoredExecution(running().claim(), 1, Ending.succeeded(Instant.EPOCH, "{\"secret\": 1}"));
        Standstill store = new Standstill(others);
        assertInProgress(standing(store).settle(request(), takenBack, patient(Duration.ofDays(1))));
        assertThat(store.looks).hasSize(1);
    }

    @Test
    void who_finds_no_room_looks_at_a_running_row_once() throws Exception {
        StoredExecution running = running();
        Standstill store = new Standstill(running);
        Digest key = running.claim().nonceKey();
        for (int i = 0; i < WaitingRoom.MAX_FOR_ONE_KEY; i++) {
            assertThat(room.enter(key)).isTrue();
        }
        assertInProgress(standing(store).settle(request(), running, patient(Duration.ofDays(1))));
        assertThat(store.looks).hasSize(1);
    }

    @Test
    void who_gives_up_on_another_process_leaves_nothing_behind() throws Exception {
        StoredExecution running = running();
        Standstill store = new Standstill(running);
        assertInProgress(standing(store).settle(request(), running, patient(Duration.ofMillis(50))));
        assertThat(store.looks).hasSizeGreaterThan(1);
        assertThat(room.size()).isZero();
        assertThat(timer.pending()).isZero();
    }

    @Test
    void who_has_no_time_left_does_not_wait_for_a_neighbour() {
        CompletionStage<String> first = inFlight.afterFirst(keys, impatient(), () -> endless);
        assertInProgress(duplicate(impatient()));
        endless.complete("first");
        assertThat(first.toCompletableFuture().join()).isEqualTo("first");
    }

    @Test
    void who_finds_no_room_does_not_wait_for_a_neighbour() {
        CompletionStage<String> first = inFlight.afterFirst(keys, impatient(), () -> endless);
        List<CompletableFuture<String>> waiting = new ArrayList<>();
        for (int i = 0; i < WaitingRoom.MAX_FOR_ONE_KEY; i++) {
            waiting.add(duplicate(patient(Duration.ofDays(1))));
        }
        assertInProgress(duplicate(patient(Duration.ofDays(1))));
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
        endless.complete("first");
        assertThat(first).isCompleted();
        assertThat(waiting).allMatch(answer -> answer.join().equals("second"));
        assertThat(room.size()).isZero();
        assertThat(timer.pending()).isZero();
    }

    @Test
    void ten_thousand_who_give_up_on_a_neighbour_leave_nothing_behind() {
        CompletionStage<String> first = inFlight.afterFirst(keys, impatient(), () -> endless);
        int gaveUp = 0;
        while (gaveUp < 10_000) {
            List<CompletableFuture<String>> waiting = new ArrayList<>();
            for (int i = 0; i < WaitingRoom.MAX_FOR_ONE_KEY; i++) {
                waiting.add(duplicate(patient(Duration.ofMillis(1))));
            }
            waiting.forEach(WaitingTest::assertInProgress);
            gaveUp += waiting.size();
        }
        assertThat(first.toCompletableFuture()).isNotDone();
        assertThat(inFlight.waitingFor(keys.get(0))).isZero();
        assertThat(room.size()).isZero();
        assertThat(timer.pending()).isZero();
    }

    private static void assertInProgress(CompletionStage<?> answer) {
        assertThatThrownBy(answer.toCompletableFuture()::join)
                .extracting(Failures::cause)
                .isInstanceOfSatisfying(
                        InDoubtException.class, e -> assertThat(e.doubt()).isEqualTo(Doubt.EXECUTION_IN_PROGRESS));
    }
}
