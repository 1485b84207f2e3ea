package dev.openexec.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openexec.Execution;
import dev.openexec.ExecutionFailedException;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.InDoubtException;
import dev.openexec.InDoubtException.Doubt;
import dev.openexec.RefusedException;
import dev.openexec.RefusedException.Reason;
import dev.openexec.action.ActionContext;
import dev.openexec.action.ActionFailedException;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExecutorTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Json PAYLOAD = Json.of(Map.of("amount", 100));

    private final SettableClock clock = new SettableClock(NOW);

    private Executor demo(RecordingAction... actions) {
        return executor(ApprovalPolicy.unsignedDemo(), actions);
    }

    private Executor executor(ApprovalPolicy policy, RecordingAction... actions) {
        Executor.Builder builder =
                Executor.with(ExecutionStore.inMemory(), policy).clock(clock).waitBudget(Duration.ofDays(1));
        List.of(actions).forEach(builder::action);
        return builder.build();
    }

    private static ExecutionRequest request(String action, String nonce) {
        return ExecutionRequest.of(action, PAYLOAD, nonce);
    }

    @ParameterizedTest
    @EnumSource(names = {"AT_MOST_ONCE", "IDEMPOTENT", "PURE"})
    void the_same_request_again_gets_the_same_answer_and_runs_nothing(Kind kind) throws Exception {
        RecordingAction pay = RecordingAction.counting("pay", kind);
        try (Executor executor = demo(pay)) {
            Execution first = executor.execute(request("pay", "n-1"));
            Execution again = executor.execute(request("pay", "n-1"));
            assertThat(first.replayed()).isFalse();
            assertThat(again.replayed()).isTrue();
            assertThat(again.id()).isEqualTo(first.id());
            assertThat(again.result()).isEqualTo(first.result());
            assertThat(again.receipt()).isEqualTo(first.receipt());
            assertThat(first.receipt().isValid()).isTrue();
            assertThat(first.receipt().result()).isEqualTo("{\"entry\": 1}");
            assertThat(pay.entered()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AT_MOST_ONCE", "IDEMPOTENT", "PURE"})
    void twenty_concurrent_requests_with_one_nonce_have_one_effect_and_twenty_answers_alike(Kind kind)
            throws Exception {
        RecordingAction pay = RecordingAction.counting("pay", kind);
        try (Executor executor = demo(pay)) {
            List<Execution> answers = atOnce(20, i -> executor.execute(request("pay", "n-1")));
            assertThat(answers)
                    .extracting(Execution::id)
                    .containsOnly(answers.get(0).id());
            assertThat(answers)
                    .extracting(Execution::result)
                    .containsOnly(answers.get(0).result());
            assertThat(answers).filteredOn(answer -> !answer.replayed()).hasSize(1);
            assertThat(pay.entered()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AT_MOST_ONCE", "IDEMPOTENT", "PURE"})
    void one_approval_under_24_nonces_at_once_has_one_effect(Kind kind) throws Exception {
        TestApprovals approver = TestApprovals.forTenant("acme");
        RecordingAction pay = RecordingAction.counting("pay", kind);
        try (Executor executor = executor(approver.policy(), pay)) {
            String approval = approver.approve("pay", PAYLOAD, NOW);
            List<Object> answers = atOnce(24, i -> {
                try {
                    return executor.execute(request("pay", "n-" + i).withApproval(approval));
                } catch (RefusedException e) {
                    return e.reason();
                }
            });
            assertThat(answers).filteredOn(Execution.class::isInstance).hasSize(1);
            assertThat(answers)
                    .filteredOn(answer -> !(answer instanceof Execution))
                    .containsOnly(Reason.APPROVAL_ALREADY_USED);
            assertThat(pay.entered()).isEqualTo(1);
        }
    }

    @Test
    void duplicates_of_a_running_execution_wait_for_its_answer_without_holding_a_thread() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        RecordingAction slow = RecordingAction.waitingFor(go, "slow", Kind.AT_MOST_ONCE);
        try (Executor executor = demo(slow)) {
            List<CompletableFuture<Execution>> answers = new ArrayList<>();
            answers.add(executor.executeAsync(request("slow", "n-1")).toCompletableFuture());
            slow.awaitEntry();
            for (int i = 0; i < 32; i++) {
                answers.add(executor.executeAsync(request("slow", "n-1")).toCompletableFuture());
            }
            assertThat(answers).noneMatch(CompletableFuture::isDone);
            go.countDown();
            assertThat(answers)
                    .extracting(answer -> answer.join().id())
                    .containsOnly(answers.get(0).join().id());
            assertThat(slow.entered()).isEqualTo(1);
        }
    }

    @Test
    void a_duplicate_that_waited_long_enough_is_told_that_it_is_still_running() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        RecordingAction slow = RecordingAction.waitingFor(go, "slow", Kind.AT_MOST_ONCE);
        try (Executor executor = Executor.with(ExecutionStore.inMemory(), ApprovalPolicy.unsignedDemo())
                .action(slow)
                .waitBudget(Duration.ZERO)
                .build()) {
            CompletableFuture<Execution> first =
                    executor.executeAsync(request("slow", "n-1")).toCompletableFuture();
            slow.awaitEntry();
            try {
                assertThat(executor.executeAsync(request("slow", "n-1")).toCompletableFuture())
                        .failsWithin(Duration.ofSeconds(30))
                        .withThrowableThat()
                        .havingCause()
                        .isInstanceOfSatisfying(
                                InDoubtException.class,
                                e -> assertThat(e.doubt()).isEqualTo(Doubt.EXECUTION_IN_PROGRESS));
            } finally {
                go.countDown();
            }
            assertThat(first.join().replayed()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AT_MOST_ONCE", "IDEMPOTENT", "PURE"})
    void a_definite_failure_is_recorded_and_replayed_as_that_failure(Kind kind) throws Exception {
        RecordingAction pay = RecordingAction.of("pay", kind, (input, context) -> {
            throw new ActionFailedException("account-closed");
        });
        try (Executor executor = demo(pay)) {
            ExecutionFailedException first = failure(executor, request("pay", "n-1"));
            ExecutionFailedException again = failure(executor, request("pay", "n-1"));
            assertThat(first.code()).isEqualTo("account-closed");
            assertThat(first.replayed()).isFalse();
            assertThat(again.code()).isEqualTo("account-closed");
            assertThat(again.executionId()).isEqualTo(first.executionId());
            assertThat(again.replayed()).isTrue();
            assertThat(pay.entered()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AT_MOST_ONCE", "IDEMPOTENT"})
    void whatever_else_an_action_throws_is_an_unknown_outcome_that_never_runs_again(Kind kind) throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        RecordingAction pay = RecordingAction.of("pay", kind, (input, context) -> {
            throw sneaky(Objects.requireNonNull(thrown.get()));
        });
        try (Executor executor = demo(pay)) {
            List<Throwable> throwables = List.of(
                    new IllegalStateException("secret"),
                    new java.io.IOException("secret"),
                    new StackOverflowError(),
                    new OutOfMemoryError(),
                    new Unlookable(),
                    new InterruptedException());
            for (int i = 0; i < throwables.size(); i++) {
                thrown.set(throwables.get(i));
                assertDoubt(Doubt.OUTCOME_INDETERMINATE, executor, request("pay", "n-" + i));
                Thread.interrupted();
                assertDoubt(Doubt.OUTCOME_INDETERMINATE, executor, request("pay", "n-" + i));
            }
            assertThat(pay.entered()).isEqualTo(throwables.size());
        }
    }

    /** Throws again when it is looked at. */
    private static final class Unlookable extends RuntimeException {
        @Override
        public StackTraceElement[] getStackTrace() {
            throw new IllegalStateException("secret");
        }
    }

    @Test
    void a_definite_failure_stays_definite_even_if_its_code_is_malformed() throws Exception {
        RecordingAction pay = RecordingAction.of("pay", Kind.AT_MOST_ONCE, (input, context) -> {
            throw new ActionFailedException("order is closed");
        });
        try (Executor executor = demo(pay)) {
            assertThat(failure(executor, request("pay", "n-1")).code()).isEqualTo("malformed-code");
        }
    }

    @Test
    void a_pure_action_that_throws_has_failed() throws Exception {
        RecordingAction sum = RecordingAction.of("sum", Kind.PURE, (input, context) -> {
            throw new ArithmeticException();
        });
        try (Executor executor = demo(sum)) {
            assertThat(failure(executor, request("sum", "n-1")).code()).isEqualTo("action-error");
            assertThat(failure(executor, request("sum", "n-1")).replayed()).isTrue();
            assertThat(sum.entered()).isEqualTo(1);
        }
    }

    @Test
    void a_result_that_is_too_large_or_no_object_is_no_answer() throws Exception {
        Json text = Json.of(Map.of("a", "b")).get("a").orElseThrow();
        List<String> chunks = java.util.Collections.nCopies(11, "x".repeat(100_000));
        for (Json result : List.of(text, Json.of(Map.of("large", chunks)))) {
            RecordingAction pay = RecordingAction.of("pay", Kind.AT_MOST_ONCE, (input, context) -> result);
            try (Executor executor = demo(pay)) {
                assertDoubt(Doubt.OUTCOME_INDETERMINATE, executor, request("pay", "n-1"));
                assertDoubt(Doubt.OUTCOME_INDETERMINATE, executor, request("pay", "n-1"));
                assertThat(pay.entered()).isEqualTo(1);
            }
        }
    }

    @Test
    void the_action_of_execute_runs_on_the_calling_thread() throws Exception {
        AtomicReference<Thread> ran = new AtomicReference<>();
        RecordingAction pay = RecordingAction.of("pay", Kind.AT_MOST_ONCE, (input, context) -> {
            ran.set(Thread.currentThread());
            return Json.emptyObject();
        });
        try (Executor executor = demo(pay)) {
            executor.execute(request("pay", "n-1"));
            assertThat(ran.get()).isSameAs(Thread.currentThread());
        }
    }

    @Test
    void the_action_sees_the_verified_context_and_a_stable_idempotency_key() throws Exception {
        TestApprovals approver = TestApprovals.forTenant("acme");
        RecordingAction pay = RecordingAction.counting("pay", Kind.AT_MOST_ONCE);
        try (Executor executor = executor(approver.policy(), pay)) {
            Execution execution =
                    executor.execute(request("pay", "n-1").withApproval(approver.approve("pay", PAYLOAD, NOW)));
            ActionContext context = pay.entries().get(0);
            assertThat(context.executionId()).isEqualTo(execution.id());
            assertThat(context.tenant()).isEqualTo("acme");
            assertThat(context.approvalId()).isPresent();
            assertThat(context.attempt()).isEqualTo(1);
            assertThat(context.clock()).isSameAs(clock);
            assertThat(context.idempotencyKey()).matches("[0-9a-f]{64}").isEqualTo(context.idempotencyKey());
            assertThat(context.random().nextLong()).isEqualTo(context.random().nextLong());
        }
    }

    @Test
    void the_action_gets_exactly_the_payload_that_was_approved() throws Exception {
        TestApprovals approver = TestApprovals.forTenant("acme");
        Json payload = Json.parse("{\"b\": [1, 2.50, \"\\u00e9\"], \"a\": null}");
        RecordingAction echo =
                RecordingAction.of("echo", Kind.AT_MOST_ONCE, (input, context) -> Json.of(Map.of("got", input)));
        try (Executor executor = executor(approver.policy(), echo)) {
            Execution execution = executor.execute(
                    ExecutionRequest.of("echo", payload, "n-1").withApproval(approver.approve("echo", payload, NOW)));
            assertThat(execution.result().canonical()).isEqualTo("{\"got\":" + payload.canonical() + "}");
        }
    }

    @Test
    void an_interrupt_does_not_cut_an_execution_short_and_is_kept() throws Exception {
        RecordingAction pay = RecordingAction.counting("pay", Kind.PURE);
        try (Executor executor = demo(pay)) {
            Thread.currentThread().interrupt();
            assertThat(executor.execute(request("pay", "n-1")).replayed()).isFalse();
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void duplicates_of_a_pure_evaluation_that_is_under_way_do_not_evaluate_it_again() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        RecordingAction sum = RecordingAction.waitingFor(go, "sum", Kind.PURE);
        try (Executor executor = demo(sum)) {
            List<CompletableFuture<Execution>> answers = new ArrayList<>();
            answers.add(executor.executeAsync(request("sum", "n-1")).toCompletableFuture());
            sum.awaitEntry();
            for (int i = 0; i < 20; i++) {
                answers.add(executor.executeAsync(request("sum", "n-1")).toCompletableFuture());
            }
            go.countDown();
            assertThat(answers)
                    .extracting(answer -> answer.join().id())
                    .containsOnly(answers.get(0).join().id());
            assertThat(sum.entered()).isEqualTo(1);
        }
    }

    @Test
    void closing_waits_for_what_runs() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        RecordingAction slow = RecordingAction.waitingFor(go, "slow", Kind.AT_MOST_ONCE);
        Executor executor = demo(slow);
        CompletableFuture<Execution> answer =
                executor.executeAsync(request("slow", "n-1")).toCompletableFuture();
        slow.awaitEntry();
        Thread closing = new Thread(executor::close);
        closing.start();
        while (executor.readiness().ready()) {
            Thread.onSpinWait(); // until the executor has begun to close
        }
        go.countDown();
        closing.join();
        assertThat(answer.join().replayed()).isFalse();
    }

    @Test
    void closing_waits_for_what_runs_also_on_an_interrupted_thread() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        RecordingAction slow = RecordingAction.waitingFor(go, "slow", Kind.AT_MOST_ONCE);
        Executor executor = demo(slow);
        CompletableFuture<Execution> answer =
                executor.executeAsync(request("slow", "n-1")).toCompletableFuture();
        slow.awaitEntry();
        AtomicBoolean stillInterrupted = new AtomicBoolean();
        Thread closing = new Thread(() -> {
            Thread.currentThread().interrupt();
            executor.close();
            stillInterrupted.set(Thread.interrupted());
        });
        closing.start();
        while (executor.readiness().ready()) {
            Thread.onSpinWait();
        }
        go.countDown();
        closing.join();
        assertThat(answer.join().replayed()).isFalse();
        assertThat(stillInterrupted).isTrue();
    }

    @Test
    void what_was_not_entered_before_the_executor_closed_is_never_entered() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        RecordingAction slow = RecordingAction.waitingFor(go, "slow", Kind.AT_MOST_ONCE);
        Executor executor = Executor.with(ExecutionStore.inMemory(), ApprovalPolicy.unsignedDemo())
                .action(slow)
                .actionThreads(1)
                .drainBudget(Duration.ZERO)
                .build();
        List<CompletableFuture<Execution>> answers = new ArrayList<>();
        answers.add(executor.executeAsync(request("slow", "n-0")).toCompletableFuture());
        slow.awaitEntry();
        for (int i = 1; i < 6; i++) {
            answers.add(executor.executeAsync(request("slow", "n-" + i)).toCompletableFuture());
        }
        executor.close();
        go.countDown();
        for (CompletableFuture<Execution> answer : answers) {
            assertThatThrownBy(answer::join).isInstanceOf(CompletionException.class);
        }
        assertThat(slow.entered()).isEqualTo(1);
    }

    @Test
    void a_claim_that_is_not_confirmed_is_not_entered_and_is_taken_back() throws Exception {
        ListeningStore store = new ListeningStore();
        RecordingAction pay = RecordingAction.counting("pay", Kind.AT_MOST_ONCE);
        try (Executor executor = Executor.with(store, ApprovalPolicy.unsignedDemo())
                .action(pay)
                .waitBudget(Duration.ZERO)
                .build()) {
            store.failInsertsAfterDoingThem(StoreException.Reason.CLAIM_UNCONFIRMED);
            assertThatThrownBy(() -> executor.execute(request("pay", "n-1")))
                    .isInstanceOfSatisfying(
                            StoreException.class,
                            e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.CLAIM_UNCONFIRMED));
            assertThat(pay.entered()).isZero();
            store.recover();
            assertThat(store.executions(null, 1).toCompletableFuture().join()).isEmpty();
            assertThat(executor.execute(request("pay", "n-1")).replayed()).isFalse(); // the nonce was not spent
            assertThat(pay.entered()).isEqualTo(1);
        }
    }

    @Test
    void unsuitable_actions_are_refused_before_the_store_is_opened() {
        RecordingAction transfer = RecordingAction.counting("transfer", Kind.TRANSACTIONAL);
        RecordingAction pay = RecordingAction.counting("pay", Kind.PURE);
        ExecutionStore store = ExecutionStore.inMemory();
        assertThatThrownBy(() -> Executor.with(store, ApprovalPolicy.unsignedDemo())
                        .action(transfer)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TRANSACTIONAL");
        assertThatThrownBy(() -> Executor.with(store, ApprovalPolicy.unsignedDemo())
                        .action(pay)
                        .action(pay)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pay");
        Executor.with(store, ApprovalPolicy.unsignedDemo()).action(pay).build().close(); // opens once
    }

    @Test
    void the_registered_actions_are_listed_by_name() {
        try (Executor executor =
                demo(RecordingAction.counting("b", Kind.PURE), RecordingAction.counting("a", Kind.PURE))) {
            assertThat(executor.actionNames()).containsExactly("a", "b");
        }
    }

    @Test
    void an_executor_without_durability_says_so() {
        try (Executor executor = demo()) {
            assertThat(executor.readiness().ready()).isTrue();
            assertThat(executor.readiness().durable()).isFalse();
        }
    }

    private static ExecutionFailedException failure(Executor executor, ExecutionRequest request) {
        return catchThrowableOfType(ExecutionFailedException.class, () -> executor.execute(request));
    }

    private static void assertDoubt(Doubt doubt, Executor executor, ExecutionRequest request) {
        assertThatThrownBy(() -> executor.execute(request))
                .isInstanceOfSatisfying(
                        InDoubtException.class, e -> assertThat(e.doubt()).isEqualTo(doubt));
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> Exception sneaky(Throwable throwable) throws T {
        throw (T) throwable;
    }

    /** One of many things to do at once. */
    private interface Attempt<T> {
        T attempt(int number) throws Exception;
    }

    private static <T> List<T> atOnce(int callers, Attempt<T> attempt) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try {
            CyclicBarrier start = new CyclicBarrier(callers);
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                int number = i;
                futures.add(threads.submit(() -> {
                    start.await();
                    return attempt.attempt(number);
                }));
            }
            List<T> answers = new ArrayList<>();
            for (Future<T> future : futures) {
                answers.add(future.get());
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }
}
