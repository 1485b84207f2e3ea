package dev.openexec.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openexec.Execution;
import dev.openexec.ExecutionFailedException;
import dev.openexec.ExecutionListener.Event;
import dev.openexec.ExecutionListener.Step;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.InDoubtException;
import dev.openexec.action.ActionFailedException;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.store.Ending;
import dev.openexec.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a listener is told. */
class ExecutionListenerTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Json PAYLOAD = Json.of(Map.of("iban", "secret-payload"));

    private final SettableClock clock = new SettableClock(NOW);
    private final ListeningStore store = new ListeningStore();
    private final HeardEvents heard = new HeardEvents();
    private final CountDownLatch go = new CountDownLatch(1);

    private final RecordingAction pay = RecordingAction.counting("pay", Kind.AT_MOST_ONCE);
    private final RecordingAction sum = RecordingAction.counting("sum", Kind.PURE);
    private final RecordingAction slow = RecordingAction.waitingFor(go, "slow", Kind.AT_MOST_ONCE);
    private final RecordingAction failing = RecordingAction.of("failing", Kind.AT_MOST_ONCE, (input, context) -> {
        throw new ActionFailedException("account-closed");
    });
    private final RecordingAction broken = RecordingAction.of("broken", Kind.AT_MOST_ONCE, (input, context) -> {
        throw new IllegalStateException("secret-message");
    });

    private Executor.Builder builder(ApprovalPolicy policy) {
        return Executor.with(store, policy)
                .action(pay)
                .action(sum)
                .action(slow)
                .action(failing)
                .action(broken)
                .clock(clock)
                .waitBudget(Duration.ZERO);
    }

    private Executor.Builder demo() {
        return builder(ApprovalPolicy.unsignedDemo());
    }

    private static ExecutionRequest request(String action, String nonce) {
        return ExecutionRequest.of(action, PAYLOAD, nonce);
    }

    @AfterEach
    void let_everything_end() {
        go.countDown();
    }

    @Test
    void an_execution_is_an_arrival_a_claim_an_entry_an_ending_and_a_success() throws Exception {
        Execution execution;
        try (Executor executor = demo().listener(heard).build()) {
            execution = executor.execute(request("pay", "n-1"));
        }
        assertThat(heard.stepsOf(1)).containsExactly(Step.ARRIVAL, Step.CLAIM, Step.ENTRY, Step.ENDING, Step.SUCCESS);
        assertThat(heard.of(1).get(0).action()).isEmpty();
        assertThat(heard.of(1).get(0).kind()).isEmpty();
        assertThat(heard.of(1).get(0).executionId()).isEmpty();
        assertThat(heard.of(1))
                .element(3)
                .extracting(event -> event.state().orElseThrow())
                .isEqualTo(Ending.State.SUCCEEDED);
        assertThat(heard.of(1))
                .filteredOn(event -> event.step() != Step.ENDING)
                .allMatch(event -> event.state().isEmpty());
        assertThat(heard.of(1).subList(1, 5)).allSatisfy(event -> {
            assertThat(event.action()).isEqualTo("pay");
            assertThat(event.kind()).contains(Kind.AT_MOST_ONCE);
            assertThat(event.executionId()).contains(execution.id());
            assertThat(event.code()).isEmpty();
            assertThat(event.rule()).isEmpty();
        });
    }

    @Test
    void a_pure_action_has_no_claim() throws Exception {
        try (Executor executor = demo().listener(heard).build()) {
            executor.execute(request("sum", "n-1"));
        }
        assertThat(heard.stepsOf(1)).containsExactly(Step.ARRIVAL, Step.ENTRY, Step.ENDING, Step.SUCCESS);
    }

    @Test
    void a_definite_failure_has_the_code_of_the_action() {
        Throwable failure;
        try (Executor executor = demo().listener(heard).build()) {
            failure = catchThrowable(() -> executor.execute(request("failing", "n-1")));
        }
        assertThat(heard.stepsOf(1)).containsExactly(Step.ARRIVAL, Step.CLAIM, Step.ENTRY, Step.ENDING, Step.FAILURE);
        Event ending = heard.of(1).get(3);
        assertThat(ending.state()).contains(Ending.State.FAILED);
        assertThat(ending.code()).isEqualTo("account-closed");
        assertThat(heard.lastOf(1).code()).isEqualTo("account-closed");
        assertThat(heard.lastOf(1).executionId()).contains(((ExecutionFailedException) failure).executionId());
    }

    @Test
    void an_unknown_outcome_is_an_ending_with_its_code_and_a_doubt() {
        Throwable failure;
        try (Executor executor = demo().listener(heard).build()) {
            failure = catchThrowable(() -> executor.execute(request("broken", "n-1")));
        }
        assertThat(heard.stepsOf(1)).containsExactly(Step.ARRIVAL, Step.CLAIM, Step.ENTRY, Step.ENDING, Step.DOUBT);
        Event ending = heard.of(1).get(3);
        assertThat(ending.state()).contains(Ending.State.INDETERMINATE);
        assertThat(ending.code()).isEqualTo("action-error");
        assertThat(heard.lastOf(1).code()).isEqualTo("outcome-indeterminate");
        assertThat(heard.lastOf(1).executionId()).isEqualTo(((InDoubtException) failure).executionId());
    }

    @Test
    void a_replay_enters_nothing_and_has_the_id_and_the_code_of_the_first_call() throws Exception {
        Execution execution;
        try (Executor executor = demo().listener(heard).build()) {
            execution = executor.execute(request("pay", "n-1"));
            executor.execute(request("pay", "n-1"));
            attempt(executor, request("failing", "n-2"));
            attempt(executor, request("failing", "n-2"));
        }
        assertThat(heard.stepsOf(2)).containsExactly(Step.ARRIVAL, Step.REPLAY);
        assertThat(heard.lastOf(2).executionId()).contains(execution.id());
        assertThat(heard.lastOf(2).action()).isEqualTo("pay");
        assertThat(heard.lastOf(2).code()).isEmpty();
        assertThat(heard.stepsOf(4)).containsExactly(Step.ARRIVAL, Step.REPLAY);
        assertThat(heard.lastOf(4).code()).isEqualTo("account-closed");
        assertThat(heard.lastOf(4).executionId()).isEqualTo(heard.lastOf(3).executionId());
    }

    @Test
    void a_refusal_has_its_reason_and_its_rule() throws Exception {
        try (Executor executor =
                demo().allowOnly(List.of("pay")).listener(heard).build()) {
            attempt(executor, request("sum", "n-1"));
            attempt(executor, request("pay", ""));
            executor.execute(request("pay", "n-1"));
            attempt(executor, ExecutionRequest.of("pay", Json.emptyObject(), "n-1"));
        }
        for (long call : List.of(1L, 2L, 4L)) {
            assertThat(heard.stepsOf(call)).containsExactly(Step.ARRIVAL, Step.REFUSAL);
            assertThat(heard.lastOf(call).executionId()).isEmpty();
        }
        assertThat(heard.lastOf(1).code()).isEqualTo("action-not-allowed");
        assertThat(heard.lastOf(2).code()).isEqualTo("invalid-request");
        assertThat(heard.lastOf(2).rule()).isEqualTo("nonce");
        assertThat(heard.lastOf(4).code()).isEqualTo("nonce-reused");
        assertThat(heard.lastOf(4).action()).isEqualTo("pay");
    }

    @Test
    void what_is_refused_at_the_last_moment_has_no_execution() {
        TestApprovals approver = TestApprovals.forTenant("acme");
        RecordingAction late = RecordingAction.of("late", Kind.PURE, (input, context) -> {
            clock.advance(Duration.ofDays(1));
            return input;
        });
        try (Executor executor =
                builder(approver.policy()).action(late).listener(heard).build()) {
            attempt(executor, request("late", "n-1").withApproval(approver.approve("late", PAYLOAD, NOW)));
        }
        assertThat(heard.stepsOf(1)).containsExactly(Step.ARRIVAL, Step.ENTRY, Step.ENDING, Step.REFUSAL);
        assertThat(heard.lastOf(1).code()).isEqualTo("approval-expired");
        assertThat(heard.lastOf(1).executionId()).isEmpty();
    }

    @Test
    void who_finds_no_permit_and_who_has_to_wait_too_long_are_told_of() throws Exception {
        try (Executor executor = demo().maxConcurrent(2).listener(heard).build()) {
            var first = executor.executeAsync(request("slow", "n-1"));
            slow.awaitEntry();
            attempt(executor, request("slow", "n-1"));
            var second = executor.executeAsync(request("slow", "n-2"));
            attempt(executor, request("pay", "n-3"));
            go.countDown();
            first.toCompletableFuture().join();
            second.toCompletableFuture().join();
        }
        assertThat(heard.stepsOf(2)).containsExactly(Step.ARRIVAL, Step.DOUBT);
        assertThat(heard.lastOf(2).code()).isEqualTo("execution-in-progress");
        assertThat(heard.lastOf(2).action()).isEqualTo("slow");
        assertThat(heard.stepsOf(4)).containsExactly(Step.ARRIVAL, Step.REFUSAL);
        assertThat(heard.lastOf(4).code()).isEqualTo("overloaded");
    }

    @Test
    @SuppressWarnings("NullAway") // no request at all is the accident
    void trouble_with_the_ledger_and_accidents_are_faults() {
        try (Executor executor = demo().listener(heard).build()) {
            store.failInsertsAfterDoingThem(StoreException.Reason.CLAIM_UNCONFIRMED);
            attempt(executor, request("pay", "n-1"));
            attempt(executor, null);
        }
        assertThat(heard.stepsOf(1)).containsExactly(Step.ARRIVAL, Step.FAULT);
        assertThat(heard.lastOf(1).code()).isEqualTo("claim-unconfirmed");
        assertThat(heard.stepsOf(2)).containsExactly(Step.ARRIVAL, Step.FAULT);
        assertThat(heard.lastOf(2).code()).isEqualTo("internal-error");
    }

    /** Whatever comes of it. */
    private static void attempt(Executor executor, ExecutionRequest request) {
        executor.executeAsync(request)
                .handle((execution, failure) -> null)
                .toCompletableFuture()
                .join();
    }
}
