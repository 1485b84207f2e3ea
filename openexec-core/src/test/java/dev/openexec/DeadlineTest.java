package dev.openexec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.InDoubtException.Doubt;
import dev.openexec.RefusedException.Reason;
import dev.openexec.action.ActionContext;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.StoredExecution;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of an action that does not come back, and of those who wait for it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeadlineTest {

    private static final ExecutionRequest REQUEST = ExecutionRequest.of("pay", Json.emptyObject(), "n-1");
    private static final Duration SOON = Duration.ofMillis(1);
    private static final Duration LATER = Duration.ofSeconds(2); // by then an action is entered

    private final ExecutionStore store = ExecutionStore.inMemory();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final AtomicInteger entries = new AtomicInteger();
    private final CountDownLatch go = new CountDownLatch(1);

    @AfterEach
    void let_everything_end() {
        go.countDown();
    }

    private Executor.Builder with(Kind kind) {
        return Executor.with(store, ApprovalPolicy.unsignedDemo())
                .action(new Doing(kind, context -> {
                    entries.incrementAndGet();
                    entered.countDown();
                    go.await();
                    return Json.of(Map.of("answer", "s3cr3t"));
                }))
                .waitBudget(Duration.ofDays(1));
    }

    private static CompletableFuture<Execution> ask(Executor executor) {
        return executor.executeAsync(REQUEST).toCompletableFuture();
    }

    /** Of the row; empty while it is running or there is none. */
    private Optional<Ending> ending() {
        return store.find(List.of(LedgerKeys.untenantedNonce("n-1")))
                .toCompletableFuture()
                .join()
                .map(StoredExecution::ending);
    }

    @ParameterizedTest
    @EnumSource(names = {"AT_MOST_ONCE", "IDEMPOTENT", "PURE"})
    void after_the_soft_deadline_the_run_goes_on_and_its_answer_is_replayed(Kind kind) throws Exception {
        try (Executor executor = with(kind).softDeadline(SOON).build()) {
            CompletableFuture<Execution> first = ask(executor);
            assertDoubt(Doubt.EXECUTION_TIMEOUT, first);
            entered.await();
            assertThat(ending()).isEmpty();
            go.countDown();
            assertThat(executor.execute(REQUEST).replayed()).isTrue();
        }
    }

    @Test
    void after_the_soft_deadline_a_duplicate_waits_for_the_run_as_before() throws Exception {
        try (Executor executor = with(Kind.AT_MOST_ONCE).softDeadline(SOON).build()) {
            assertDoubt(Doubt.EXECUTION_TIMEOUT, ask(executor));
            entered.await();
            assertDoubt(Doubt.EXECUTION_TIMEOUT, ask(executor));
            assertThatThrownBy(() -> executor.execute(REQUEST.withWaitBudget(Duration.ZERO)))
                    .isInstanceOfSatisfying(
                            InDoubtException.class, e -> assertThat(e.doubt()).isEqualTo(Doubt.EXECUTION_IN_PROGRESS));
            go.countDown();
            assertThat(executor.execute(REQUEST).replayed()).isTrue();
        }
    }

    @Test
    void a_request_can_bring_its_own_time_to_wait_in() throws Exception {
        try (Executor executor =
                with(Kind.AT_MOST_ONCE).waitBudget(Duration.ZERO).build()) {
            CompletableFuture<Execution> first = ask(executor);
            entered.await();
            assertDoubt(Doubt.EXECUTION_IN_PROGRESS, ask(executor));
            CompletableFuture<Execution> patient = executor.executeAsync(REQUEST.withWaitBudget(Duration.ofDays(1)))
                    .toCompletableFuture();
            assertDoubt(
                    Doubt.EXECUTION_IN_PROGRESS,
                    executor.executeAsync(REQUEST.withWaitBudget(SOON)).toCompletableFuture());
            assertThat(patient).isNotDone();
            go.countDown();
            assertThat(patient.join().id()).isEqualTo(first.join().id());
        }
    }

    @Test
    void a_run_keeps_its_permit_until_it_ends_whoever_was_answered() throws Exception {
        try (Executor executor = with(Kind.AT_MOST_ONCE)
                .softDeadline(SOON)
                .hardDeadline(LATER)
                .maxConcurrent(1)
                .build()) {
            assertDoubt(Doubt.EXECUTION_TIMEOUT, ask(executor));
            entered.await();
            while (ending().isEmpty()) {
                assertRefused(Reason.OVERLOADED, executor);
            }
            assertRefused(Reason.OVERLOADED, executor);
            go.countDown();
            while (true) {
                try {
                    assertThat(executor.execute(REQUEST).replayed()).isTrue();
                    break;
                } catch (RefusedException e) {
                    Thread.onSpinWait(); // until the action has returned
                } catch (InDoubtException e) {
                    break; // what it returned is not on record yet
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AT_MOST_ONCE", "IDEMPOTENT"})
    void at_the_hard_deadline_the_outcome_is_unknown_and_everybody_who_waits_is_answered(Kind kind) throws Exception {
        try (Executor executor = with(kind).hardDeadline(LATER).build()) {
            CompletableFuture<Execution> first = ask(executor);
            entered.await();
            CompletableFuture<Execution> second = ask(executor);
            assertDoubt(Doubt.OUTCOME_INDETERMINATE, first);
            assertDoubt(Doubt.OUTCOME_INDETERMINATE, second);
            assertUnknown("deadline-exceeded");
            go.countDown();
        }
    }

    @Test
    void at_the_hard_deadline_duplicates_of_a_caller_that_lends_its_thread_are_answered_too() throws Exception {
        try (Executor executor = with(Kind.AT_MOST_ONCE).hardDeadline(LATER).build()) {
            CompletableFuture<Throwable> first = new CompletableFuture<>();
            Thread caller = new Thread(() -> {
                try {
                    executor.execute(REQUEST);
                } catch (Exception e) {
                    first.complete(e);
                }
            });
            caller.start();
            entered.await();
            assertDoubt(Doubt.OUTCOME_INDETERMINATE, ask(executor));
            assertThat(first).isNotDone(); // it is still in the action
            go.countDown();
            assertThat(first.join())
                    .isInstanceOfSatisfying(
                            InDoubtException.class, e -> assertThat(e.doubt()).isEqualTo(Doubt.OUTCOME_INDETERMINATE));
            caller.join();
        }
    }

    @Test
    void what_waits_for_an_action_thread_until_the_hard_deadline_is_never_entered() throws Exception {
        try (Executor executor =
                with(Kind.AT_MOST_ONCE).actionThreads(1).hardDeadline(LATER).build()) {
            CompletableFuture<Execution> first = ask(executor);
            entered.await();
            ExecutionRequest other = ExecutionRequest.of("pay", Json.emptyObject(), "n-2");
            assertThat(executor.executeAsync(other).toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(30))
                    .withThrowableThat()
                    .havingCause() // none, if it has only not ended
                    .isInstanceOfSatisfying(
                            RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.OVERLOADED));
            assertDoubt(Doubt.OUTCOME_INDETERMINATE, first);
            assertThat(store.executions(null, 9).toCompletableFuture().join()).hasSize(1); // nothing was spent
            go.countDown();
        }
        assertThat(entries).hasValue(1);
    }

    @Test
    void what_comes_after_the_hard_deadline_is_the_truth_all_the_same() throws Exception {
        try (CapturedLog log = CapturedLog.open();
                Executor executor = with(Kind.AT_MOST_ONCE).hardDeadline(LATER).build()) {
            InDoubtException doubt = assertDoubt(Doubt.OUTCOME_INDETERMINATE, ask(executor));
            log.await("Execution " + doubt.executionId().orElseThrow() + " has not ended in time");
            assertUnknown("deadline-exceeded");
            go.countDown();
            for (long end = System.nanoTime() + 30_000_000_000L;
                    !ending().orElseThrow().isKnown() && System.nanoTime() < end; ) {
                Thread.onSpinWait();
            }
            assertThat(ending().orElseThrow().isKnown()).isTrue();
            assertThat(executor.execute(REQUEST).replayed()).isTrue();
            assertThat(log.text()).doesNotContain("s3cr3t");
        }
    }

    @Test
    void a_pure_action_has_no_hard_deadline() throws Exception {
        try (Executor executor = with(Kind.PURE).hardDeadline(Duration.ZERO).build()) {
            CompletableFuture<Execution> first = ask(executor);
            entered.await();
            assertThat(first).isNotDone();
            go.countDown();
            assertThat(first.join().replayed()).isFalse();
        }
    }

    @Test
    void the_action_knows_its_deadline_by_the_executor_s_clock() throws Exception {
        CompletableFuture<ActionContext> context = new CompletableFuture<>();
        Doing look = new Doing(Kind.AT_MOST_ONCE, its -> {
            context.complete(its);
            return Json.emptyObject();
        });
        InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-22T12:00:00Z"));
        try (Executor executor = Executor.with(store, ApprovalPolicy.unsignedDemo())
                .action(look)
                .clock(clock)
                .hardDeadline(Duration.ofHours(2))
                .build()) {
            executor.execute(REQUEST);
            assertThat(context.join().deadline())
                    .isBetween(Instant.parse("2026-11-22T13:59:00Z"), Instant.parse("2026-11-22T14:00:00Z"));
        }
    }

    private void assertUnknown(String code) {
        assertThat(ending()).hasValueSatisfying(ending -> {
            assertThat(ending.state()).isEqualTo(Ending.State.INDETERMINATE);
            assertThat(ending.code()).isEqualTo(code);
        });
    }

    private static InDoubtException assertDoubt(Doubt doubt, CompletableFuture<Execution> answer) {
        CompletableFuture<InDoubtException> found = new CompletableFuture<>();
        assertThatThrownBy(answer::join).cause().isInstanceOfSatisfying(InDoubtException.class, found::complete);
        assertThat(found.join().doubt()).isEqualTo(doubt);
        return found.join();
    }

    private static void assertRefused(Reason reason, Executor executor) {
        assertThatThrownBy(() -> executor.execute(REQUEST))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
