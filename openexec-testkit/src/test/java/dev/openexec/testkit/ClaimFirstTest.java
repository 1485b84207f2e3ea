package dev.openexec.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The order of things: the claim is durable, then the action is entered, then its ending is durable, then it is answered. */
class ClaimFirstTest {

    private final ListeningStore store = new ListeningStore();
    private final Map<Kind, RecordingAction> actions = Stream.of(Kind.AT_MOST_ONCE, Kind.IDEMPOTENT, Kind.PURE)
            .collect(Collectors.toMap(kind -> kind, kind -> RecordingAction.counting(kind.name(), kind)));
    private Executor executor;

    @BeforeEach
    void open() {
        Executor.Builder builder = Executor.with(store, ApprovalPolicy.unsignedDemo());
        actions.values().forEach(builder::action);
        executor = builder.build();
        store.keepAnswersBack();
    }

    @AfterEach
    void close() {
        store.letAnswersGo();
        executor.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"AT_MOST_ONCE", "IDEMPOTENT"})
    void no_action_is_entered_before_its_claim_is_acknowledged_and_no_success_is_told_before_its_ending_is(Kind kind)
            throws Exception {
        RecordingAction pay = Objects.requireNonNull(actions.get(kind));
        FutureTask<Boolean> request = request(pay);
        Thread caller = new Thread(request);
        caller.start();

        CompletableFuture<Void> claim = store.nextKeptBack();
        awaitIdle(caller);
        assertThat(pay.entered()).isZero();
        claim.complete(null);

        CompletableFuture<Void> ending = store.nextKeptBack();
        awaitIdle(caller);
        assertThat(pay.entered()).isEqualTo(1);
        assertThat(request).isNotDone();
        ending.complete(null);

        assertThat(request.get()).isFalse();
    }

    @Test
    void no_success_of_what_is_pure_is_told_before_it_is_on_record() throws Exception {
        FutureTask<Boolean> request = request(Objects.requireNonNull(actions.get(Kind.PURE)));
        Thread caller = new Thread(request);
        caller.start();

        CompletableFuture<Void> ending = store.nextKeptBack();
        awaitIdle(caller);
        assertThat(request).isNotDone();
        ending.complete(null);

        assertThat(request.get()).isFalse();
    }

    /** Whether it was replayed. Everything that needs no ledger happens on the thread that asks. */
    private FutureTask<Boolean> request(RecordingAction action) {
        ExecutionRequest request = ExecutionRequest.of(action.name(), Json.emptyObject(), "n-1");
        return new FutureTask<>(() -> executor.execute(request).replayed());
    }

    /** Until it waits for the ledger, or has ended: whatever it does without it, it has done. */
    private static void awaitIdle(Thread caller) {
        while (caller.getState() != Thread.State.WAITING && caller.getState() != Thread.State.TERMINATED) {
            Thread.onSpinWait();
        }
    }
}
