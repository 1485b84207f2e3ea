package dev.openexec.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.Execution;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.InDoubtException;
import dev.openexec.InDoubtException.Doubt;
import dev.openexec.RefusedException;
import dev.openexec.action.ActionContext;
import dev.openexec.action.ActionFailedException;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.store.Change;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.Outcome;
import dev.openexec.testkit.CapturedLog;
import dev.openexec.testkit.RecordingAction;
import dev.openexec.testkit.RecordingAction.Effect;
import dev.openexec.testkit.SettableClock;
import dev.openexec.testkit.TestApprovals;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a claim whose owner dies: a store that is closed under its executor is dead to the ledger. */
@Timeout(120)
class RetryTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Json PAYLOAD = Json.of(Map.of("amount", 100));
    private static final TestApprovals APPROVER = TestApprovals.forTenant("acme");
    private static final Effect ANSWER = (input, context) -> Json.of(Map.of("attempt", context.attempt()));

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock(NOW);
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Executor> dead = new ArrayList<>();

    @AfterEach
    void buryTheDead() {
        end.countDown();
        dead.forEach(Executor::close);
    }

    /** The clock as executors see it. */
    InstantSource seen(InstantSource right) {
        return right;
    }

    private Path file() {
        return folder.resolve("ledger.db");
    }

    private Executor executor(SqliteStore store, ApprovalPolicy policy, RecordingAction action) {
        return Executor.with(store, policy)
                .action(action)
                .clock(seen(clock))
                .waitBudget(Duration.ofDays(1))
                .drainBudget(Duration.ZERO)
                .build();
    }

    private Executor executor(ApprovalPolicy policy, RecordingAction action) {
        return executor(SqliteStore.at(file()), policy, action);
    }

    private static ExecutionRequest request() {
        return ExecutionRequest.of("pay", PAYLOAD, "n-1");
    }

    private static ExecutionRequest signed() {
        return request().withApproval(APPROVER.approve("pay", PAYLOAD, NOW));
    }

    /** Has the request entered, by an executor that dies meanwhile. */
    private RecordingAction dieInside(Kind kind, ApprovalPolicy policy, ExecutionRequest request) throws Exception {
        RecordingAction action = RecordingAction.of("pay", kind, (input, context) -> {
            end.await();
            return input;
        });
        SqliteStore store = SqliteStore.at(file());
        Executor executor = executor(store, policy, action);
        dead.add(executor);
        CompletableFuture<?> unused = executor.executeAsync(request).toCompletableFuture();
        action.awaitEntry();
        store.close();
        return action;
    }

    /** Has an executor that takes the claim over die too. */
    private void dieAgain(ApprovalPolicy policy) throws Exception {
        RecordingAction action = RecordingAction.of("pay", Kind.IDEMPOTENT, (input, context) -> {
            end.await();
            return input;
        });
        SqliteStore store = SqliteStore.at(file());
        dead.add(executor(store, policy, action));
        action.awaitEntry();
        store.close();
    }

    private String state() throws SQLException {
        return states().get(0).strip();
    }

    private List<String> states() throws SQLException {
        return Sql.texts(file(), "SELECT state || ' ' || attempt || ' ' || coalesce(code, '') FROM oe_execution");
    }

    private static void assertIndeterminate(Executor executor, ExecutionRequest request) {
        assertThatThrownBy(() -> executor.execute(request))
                .isInstanceOfSatisfying(
                        InDoubtException.class, e -> assertThat(e.doubt()).isEqualTo(Doubt.OUTCOME_INDETERMINATE));
    }

    @Test
    void an_idempotent_action_is_entered_again_by_whoever_finds_its_owner_dead() throws Exception {
        RecordingAction first = dieInside(Kind.IDEMPOTENT, APPROVER.policy(), signed());
        RecordingAction second = RecordingAction.of("pay", Kind.IDEMPOTENT, ANSWER);
        ExecutionRequest request = request().withApproval(approvalInTheLedger());
        try (Executor executor = executor(APPROVER.policy(), second)) {
            Execution answer = executor.execute(request);

            assertThat(answer.result().canonical()).isEqualTo("{\"attempt\":2}");
            assertThat(answer.replayed()).isTrue(); // nobody asked for the run that this is the answer of
        }
        ActionContext before = first.entries().get(0);
        ActionContext after = second.entries().get(0);
        assertThat(second.entered()).isEqualTo(1);
        assertThat(after.attempt()).isEqualTo(2);
        assertThat(after.executionId()).isEqualTo(before.executionId());
        assertThat(after.idempotencyKey()).isEqualTo(before.idempotencyKey());
        assertThat(after.random().nextLong()).isEqualTo(before.random().nextLong());
        assertThat(after.approvalId()).isEqualTo(before.approvalId()).isPresent();
        assertThat(state()).isEqualTo("SUCCEEDED 2");
    }

    private String approvalInTheLedger() throws SQLException {
        return Sql.texts(file(), "SELECT approval_text FROM oe_execution").get(0);
    }

    @Test
    void a_retry_that_gets_no_thread_in_time_is_not_entered_and_its_outcome_is_unknown() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        SqliteStore store = SqliteStore.at(file());
        Executor first = executor(
                store, ApprovalPolicy.unsignedDemo(), RecordingAction.of("pay", Kind.IDEMPOTENT, (input, context) -> {
                    both.countDown();
                    end.await();
                    return input;
                }));
        dead.add(first);
        for (String nonce : List.of("n-1", "n-2")) {
            CompletableFuture<?> unused = first.executeAsync(ExecutionRequest.of("pay", PAYLOAD, nonce))
                    .toCompletableFuture();
        }
        both.await();
        store.close();
        RecordingAction second = RecordingAction.of("pay", Kind.IDEMPOTENT, (input, context) -> {
            end.await();
            return input;
        });
        try (Executor executor = Executor.with(SqliteStore.at(file()), ApprovalPolicy.unsignedDemo())
                .action(second)
                .clock(seen(clock))
                .actionThreads(1)
                .hardDeadline(Duration.ofMillis(50))
                .build()) {
            while (!states().equals(
                            List.of("INDETERMINATE 2 deadline-exceeded", "INDETERMINATE 2 deadline-exceeded"))) {
                assertThat(Thread.currentThread().isInterrupted())
                        .as("timed out")
                        .isFalse();
            }
            assertThat(executor.readiness().ready()).isTrue();
            end.countDown();
        }
        assertThat(second.entered()).isOne();
    }

    @Test
    void a_third_attempt_is_the_last() throws Exception {
        dieInside(Kind.IDEMPOTENT, ApprovalPolicy.unsignedDemo(), request());
        dieAgain(ApprovalPolicy.unsignedDemo());
        dieAgain(ApprovalPolicy.unsignedDemo());
        RecordingAction fourth = RecordingAction.of("pay", Kind.IDEMPOTENT, ANSWER);
        try (Executor executor = executor(ApprovalPolicy.unsignedDemo(), fourth)) {
            assertIndeterminate(executor, request());
        }
        assertThat(fourth.entered()).isZero();
        assertThat(state()).isEqualTo("INDETERMINATE 3 owner-died");
    }

    @Test
    void a_failure_of_a_later_attempt_says_nothing_about_the_earlier_ones() throws Exception {
        dieInside(Kind.IDEMPOTENT, ApprovalPolicy.unsignedDemo(), request());
        RecordingAction second = RecordingAction.of("pay", Kind.IDEMPOTENT, (input, context) -> {
            throw new ActionFailedException("account-closed");
        });
        try (Executor executor = executor(ApprovalPolicy.unsignedDemo(), second)) {
            assertIndeterminate(executor, request());
        }
        assertThat(second.entered()).isEqualTo(1);
        assertThat(state()).isEqualTo("INDETERMINATE 2 account-closed");
    }

    @Test
    void what_is_at_most_once_is_never_entered_again() throws Exception {
        dieInside(Kind.AT_MOST_ONCE, ApprovalPolicy.unsignedDemo(), request());
        RecordingAction second = RecordingAction.of("pay", Kind.IDEMPOTENT, ANSWER); // whatever it says of itself now
        try (Executor executor = executor(ApprovalPolicy.unsignedDemo(), second)) {
            assertIndeterminate(executor, request());
        }
        assertThat(second.entered()).isZero();
        assertThat(state()).isEqualTo("INDETERMINATE 1 owner-died");
    }

    @Test
    void an_approval_that_has_expired_meanwhile_runs_nothing_again() throws Exception {
        dieInside(Kind.IDEMPOTENT, APPROVER.policy(), signed());
        RecordingAction second = RecordingAction.of("pay", Kind.IDEMPOTENT, ANSWER);
        clock.advance(Duration.ofDays(1));
        executor(APPROVER.policy(), second).close();
        assertThat(state()).isEqualTo("INDETERMINATE 1 owner-died");
        assertThat(second.entered()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "payload = '{\"amount\":1000000}'",
                "action = 'sell'",
                "nonce = 'n-2'",
                "request_hash = zeroblob(32)",
                "action_digest = zeroblob(32)",
                "action_digest = NULL",
                "approval_text = replace(approval_text, 'acme', 'evil')",
                "authority = 'UNSIGNED', approval_key = NULL, approval_id = NULL, approval_text = NULL, approval_issued_at = NULL, approval_expires_at = NULL"
            })
    void a_row_that_is_not_what_was_approved_is_not_run_again(String change) throws Exception {
        dieInside(Kind.IDEMPOTENT, APPROVER.policy(), signed());
        try (var connection = Sql.connect(file())) {
            Sql.execute(connection, "UPDATE oe_execution SET " + change);
        }
        RecordingAction second = RecordingAction.of("pay", Kind.IDEMPOTENT, ANSWER);
        try (CapturedLog log = CapturedLog.open();
                Executor executor = executor(APPROVER.policy(), second)) {
            assertThat(executor.readiness().ready()).isTrue();
            CompletableFuture<?> unused =
                    executor.executeAsync(signed()).toCompletableFuture(); // who asks has somebody look again
            assertThat(log.events())
                    .filteredOn(event -> event.contains("cannot be retried here"))
                    .hasSize(1);
        }
        assertThat(state()).isEqualTo("RUNNING 1"); // it was not even retried
        assertThat(second.entered()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"AT_MOST_ONCE", "PURE"})
    void where_the_action_is_of_another_kind_now_somebody_else_may_still_come_for_ten_minutes(Kind now)
            throws Exception {
        dieInside(Kind.IDEMPOTENT, ApprovalPolicy.unsignedDemo(), request());
        RecordingAction stricter = RecordingAction.of("pay", now, ANSWER);
        SqliteStore store = SqliteStore.at(file());
        try (Executor unable = executor(store, ApprovalPolicy.unsignedDemo(), stricter)) {
            assertThat(state()).isEqualTo("RUNNING 1");

            clock.advance(Duration.ofMinutes(10).minusMillis(1));
            CompletableFuture<?> unused =
                    unable.executeAsync(request()).toCompletableFuture(); // who asks has somebody look again
            assertThat(state()).isEqualTo("RUNNING 1");
        }
        RecordingAction able = RecordingAction.of("pay", Kind.IDEMPOTENT, ANSWER);
        try (Executor executor = executor(ApprovalPolicy.unsignedDemo(), able)) {
            assertThat(executor.execute(request()).result().canonical()).isEqualTo("{\"attempt\":2}");
        }
        assertThat(stricter.entered()).isZero();
    }

    @Test
    void after_ten_minutes_nobody_will_come_any_more() throws Exception {
        dieInside(Kind.IDEMPOTENT, ApprovalPolicy.unsignedDemo(), request());
        RecordingAction stricter = RecordingAction.of("pay", Kind.AT_MOST_ONCE, ANSWER);
        try (Executor unable = executor(ApprovalPolicy.unsignedDemo(), stricter)) {
            clock.advance(Duration.ofMinutes(10).plusSeconds(5));
            assertIndeterminate(unable, request());
        }
        assertThat(stricter.entered()).isZero();
        assertThat(state()).isEqualTo("INDETERMINATE 1 owner-died");
    }

    @Test
    void the_truth_of_an_owner_who_was_taken_for_dead_is_recorded_when_it_comes() throws Exception {
        RecordingAction slow = RecordingAction.waitingFor(end, "pay", Kind.AT_MOST_ONCE);
        try (Executor owner = executor(ApprovalPolicy.unsignedDemo(), slow)) {
            CompletableFuture<Execution> first = owner.executeAsync(request()).toCompletableFuture();
            slow.awaitEntry();
            endAs(Ending.indeterminate(NOW, "owner-died"));
            end.countDown();

            assertThat(first.join().result().canonical()).isEqualTo("{\"entry\":1}");
            assertThat(owner.execute(request()).replayed()).isTrue();
        }
        assertThat(state()).isEqualTo("SUCCEEDED 1");
    }

    @Test
    void a_truth_that_comes_after_another_ending_is_logged_as_late_and_changes_nothing() throws Exception {
        RecordingAction slow = RecordingAction.waitingFor(end, "pay", Kind.AT_MOST_ONCE);
        try (Executor owner = executor(ApprovalPolicy.unsignedDemo(), slow);
                CapturedLog log = CapturedLog.open()) {
            CompletableFuture<Execution> first = owner.executeAsync(request()).toCompletableFuture();
            slow.awaitEntry();
            endAs(Ending.failed(NOW, "settled"));
            end.countDown();

            assertThatThrownBy(first::join).hasCauseInstanceOf(InDoubtException.class);
            assertThat(log.events())
                    .anySatisfy(event -> assertThat(event)
                            .contains("Late: attempt 1", "SUCCEEDED")
                            .doesNotContain("entry"));
        }
        assertThat(state()).isEqualTo("FAILED 1 settled");
    }

    /** As another process would that has given the owner up, or a person. */
    private void endAs(Ending ending) {
        try (SqliteStore other = SqliteStore.at(file())) {
            other.open(false, seen(clock));
            Claim claim = TestStores.get(other.executions(null, 1)).get(0).claim();
            Change.End end = new Change.End(claim.nonceKey(), claim.token(), 1, ending, null);
            assertThat(TestStores.write(other, end).verdict()).isEqualTo(Outcome.Verdict.APPLIED);
        }
    }

    @Test
    void what_was_claimed_and_not_entered_when_an_executor_closes_was_never_there() throws Exception {
        RecordingAction slow = RecordingAction.waitingFor(end, "pay", Kind.AT_MOST_ONCE);
        ExecutionRequest waiting =
                ExecutionRequest.of("pay", PAYLOAD, "n-2").withApproval(APPROVER.approve("pay", PAYLOAD, NOW));
        Executor closing = Executor.with(SqliteStore.at(file()), APPROVER.policy())
                .action(slow)
                .clock(seen(clock))
                .actionThreads(1)
                .drainBudget(Duration.ZERO)
                .build();
        CompletableFuture<Execution> entered = closing.executeAsync(signed()).toCompletableFuture();
        slow.awaitEntry();
        CompletableFuture<Execution> queued = closing.executeAsync(waiting).toCompletableFuture();
        awaitRows(2);
        closing.close();
        end.countDown(); // the thread is free for the second, which is not to be entered any more

        assertThatThrownBy(queued::join)
                .hasCauseInstanceOf(RefusedException.class)
                .hasMessageContaining("shutting-down");
        assertThatThrownBy(entered::join).hasCauseInstanceOf(InDoubtException.class);
        assertThat(slow.entered()).isEqualTo(1);
        assertThat(Sql.texts(file(), "SELECT nonce || ' ' || code FROM oe_execution"))
                .containsExactly("n-1 drain-exceeded");
        RecordingAction next = RecordingAction.of("pay", Kind.AT_MOST_ONCE, ANSWER);
        try (Executor executor = executor(APPROVER.policy(), next)) {
            assertThat(executor.execute(waiting).replayed()).isFalse(); // the same nonce, the same approval
        }
    }

    /** Waits, as a reader of the file, for so many claims. */
    private void awaitRows(int rows) throws Exception {
        while (Sql.number(file(), "SELECT count(*) FROM oe_execution") < rows) {
            Thread.onSpinWait();
        }
    }
}
