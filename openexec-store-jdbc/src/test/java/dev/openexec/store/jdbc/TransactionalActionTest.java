package dev.openexec.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.Execution;
import dev.openexec.ExecutionFailedException;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.RefusedException;
import dev.openexec.RefusedException.Reason;
import dev.openexec.action.ActionContext;
import dev.openexec.action.ActionFailedException;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.store.Claim;
import dev.openexec.store.ExecutionStore;
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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of TRANSACTIONAL actions, as their callers see it. */
@Timeout(60)
class TransactionalActionTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final String EXECUTION = "(?s).*[Ee]xecution [-0-9a-f]{36}";
    private static final TestApprovals APPROVER = TestApprovals.forTenant("acme");

    private @TempDir Path folder;
    private Path file;
    private final List<Executor> executors = new ArrayList<>();

    @BeforeEach
    void name() {
        file = folder.resolve("ledger.db");
    }

    @AfterEach
    void close() {
        executors.forEach(Executor::close);
    }

    /** The clock as executors see it. */
    InstantSource seen(InstantSource right) {
        return right;
    }

    private Executor executor(RecordingAction action, Duration budget) {
        Executor executor = Executor.with(
                        SqliteStore.at(file).withTables("CREATE TABLE IF NOT EXISTS t (a UNIQUE)"), APPROVER.policy())
                .clock(seen(new SettableClock(NOW)))
                .transactionBudget(budget)
                .waitBudget(Duration.ofDays(1))
                .action(action)
                .build();
        executors.add(executor);
        return executor;
    }

    private Executor executor(RecordingAction action) {
        return executor(action, Duration.ofMinutes(1));
    }

    private static RecordingAction adding(Effect effect) {
        return RecordingAction.of("add", Kind.TRANSACTIONAL, effect);
    }

    private static ExecutionRequest request(String nonce) {
        ExecutionRequest request = ExecutionRequest.of("add", Json.of(Map.of("what", nonce)), nonce);
        return request.withApproval(APPROVER.approve(request, NOW));
    }

    private static Json insert(Json input, ActionContext context) throws SQLException {
        try (var statement = context.connection().prepareStatement("INSERT INTO t VALUES (?)")) {
            statement.setString(1, input.canonical());
            return Json.of(Map.of("rows", statement.executeUpdate()));
        }
    }

    private long effects() throws SQLException {
        return Sql.number(file, "SELECT count(*) FROM t");
    }

    private void assertFails(Executor executor, ExecutionRequest request, String code, boolean replayed) {
        assertThatThrownBy(() -> executor.execute(request))
                .isInstanceOfSatisfying(ExecutionFailedException.class, e -> {
                    assertThat(e.code()).isEqualTo(code);
                    assertThat(e.replayed()).isEqualTo(replayed);
                });
    }

    @Test
    void its_effect_is_there_once_and_its_answer_is_replayed() throws Exception {
        RecordingAction add = adding(TransactionalActionTest::insert);
        Executor executor = executor(add);
        ExecutionRequest request = request("n");

        Execution first = executor.execute(request);
        Execution again = executor.executeAsync(request).toCompletableFuture().join();

        assertThat(first.replayed()).isFalse();
        assertThat(again.replayed()).isTrue();
        assertThat(again.receipt()).isEqualTo(first.receipt());
        assertThat(add.entered()).isOne();
        assertThat(effects()).isOne();
    }

    @Test
    void many_at_once_under_one_nonce_have_one_effect_and_answers_alike() throws Exception {
        Executor executor = executor(adding(TransactionalActionTest::insert));
        ExecutionRequest request = request("n");

        List<CompletableFuture<Execution>> answers = IntStream.range(0, 20)
                .mapToObj(i -> executor.executeAsync(request).toCompletableFuture())
                .toList();

        assertThat(answers.stream().map(answer -> answer.join().receipt()).distinct())
                .hasSize(1);
        assertThat(effects()).isOne();
    }

    @Test
    void what_says_that_it_failed_is_undone_and_recorded() throws Exception {
        RecordingAction add = adding((input, context) -> {
            insert(input, context);
            throw new ActionFailedException("no-luck");
        });
        Executor executor = executor(add);
        ExecutionRequest request = request("n");

        assertFails(executor, request, "no-luck", false);
        assertFails(executor, request, "no-luck", true);
        assertThat(add.entered()).isOne();
        assertThat(effects()).isZero();
    }

    @Test
    void whatever_else_it_throws_is_a_failure_and_is_undone() throws Exception {
        Executor executor = executor(adding((input, context) -> {
            insert(input, context);
            throw new StackOverflowError("whatever");
        }));

        assertFails(executor, request("n"), "action-error", false);
        assertThat(effects()).isZero();
    }

    @Test
    void a_result_that_cannot_be_recorded_is_a_failure_and_is_undone() throws Exception {
        Executor executor = executor(adding((input, context) -> {
            insert(input, context);
            return Json.of(Map.of("x", Collections.nCopies(8, "x".repeat(200_000))));
        }));

        assertFails(executor, request("n"), "result-too-large", false);
        assertThat(effects()).isZero();
    }

    /** It is told where its author looks for it: what was refused, and at which line; and no value. */
    @ParameterizedTest
    @CsvSource({
        "PRAGMA secret,              a statement other than SELECT",
        "INSERT INTO secret VALUES (1), org.sqlite.SQLiteException (error code 1)"
    })
    void sql_that_is_not_taken_is_told_with_the_line_it_stands_in(String sql, String why) throws Exception {
        Executor executor = executor(adding((input, context) -> {
            try (var statement = context.connection().prepareStatement(sql)) {
                return Json.of(Map.of("rows", statement.executeUpdate()));
            }
        }));
        try (CapturedLog log = CapturedLog.open()) {
            assertFails(executor, request("n"), "action-error", false);

            assertThat(String.join("\n", log.events()))
                    .containsPattern(EXECUTION + ".*" + Pattern.quote(why))
                    .contains(TransactionalActionTest.class.getSimpleName() + ".java:")
                    .doesNotContain("secret");
        }
    }

    @Test
    void what_takes_longer_than_the_budget_is_a_failure_and_is_undone() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        Executor executor = executor(
                adding((input, context) -> {
                    Json result = insert(input, context);
                    answered.await();
                    return result;
                }),
                Duration.ofMillis(50));

        try (CapturedLog log = CapturedLog.open()) {
            CompletableFuture<Execution> answer =
                    executor.executeAsync(request("n")).toCompletableFuture();

            assertThatThrownBy(answer::join)
                    .hasCauseInstanceOf(ExecutionFailedException.class)
                    .cause()
                    .hasMessageContaining("budget-exceeded");
            assertThat(log.events())
                    .anyMatch(event -> event.matches(EXECUTION + " took longer than its budget of PT0.05S.*"));
        }
        answered.countDown();
        assertThat(effects()).isZero();
    }

    @Test
    void a_store_that_throws_leaves_nobody_waiting() throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        ExecutionStore store =
                new UnsoundStore(SqliteStore.at(file).withTables("CREATE TABLE IF NOT EXISTS t (a UNIQUE)")) {
                    @Override
                    public CompletionStage<Outcome> transact(
                            Claim claim, Duration budget, java.util.concurrent.Executor thread, Work work) {
                        if (broken.getAndSet(false)) {
                            throw new OutOfMemoryError("of this test");
                        }
                        return super.transact(claim, budget, thread, work);
                    }
                };
        Executor executor = Executor.with(store, APPROVER.policy())
                .clock(seen(new SettableClock(NOW)))
                .action(adding(TransactionalActionTest::insert))
                .build();
        executors.add(executor);

        assertThatThrownBy(() -> executor.execute(request("n"))).isInstanceOf(OutOfMemoryError.class);
        executor.execute(request("n"));
        assertThat(effects()).isEqualTo(1);
    }

    @Test
    void what_goes_on_after_its_budget_takes_up_room_until_it_returns() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        RecordingAction add = adding((input, context) -> {
            answered.await();
            return input;
        });
        Executor executor = Executor.with(SqliteStore.at(file), APPROVER.policy())
                .clock(seen(new SettableClock(NOW)))
                .transactionBudget(Duration.ofMillis(50))
                .maxConcurrent(1)
                .action(add)
                .build();
        executors.add(executor);

        assertThatThrownBy(executor.executeAsync(request("n")).toCompletableFuture()::join)
                .hasCauseInstanceOf(ExecutionFailedException.class);

        assertThatThrownBy(() -> executor.execute(request("other")))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.OVERLOADED));
        answered.countDown();
        while (isRefused(executor, request("other"))) {
            Thread.onSpinWait(); // until it has returned
        }
    }

    private static boolean isRefused(Executor executor, ExecutionRequest request) throws Exception {
        try {
            executor.execute(request);
            return false;
        } catch (RefusedException e) {
            return true;
        }
    }

    @Test
    void from_inside_nothing_else_can_be_executed() throws Exception {
        CompletableFuture<Executor> self = new CompletableFuture<>();
        List<Throwable> refusals = new ArrayList<>();
        Executor executor = executor(adding((input, context) -> {
            refusals.add(org.assertj.core.api.Assertions.catchThrowable(
                    () -> self.join().execute(request("inner"))));
            refusals.add(self.join()
                    .executeAsync(request("inner"))
                    .handle((answer, failure) -> failure)
                    .toCompletableFuture()
                    .join());
            return insert(input, context);
        }));
        self.complete(executor);

        executor.execute(request("outer"));

        assertThat(refusals).hasSize(2).allMatch(IllegalStateException.class::isInstance);
        assertThat(effects()).isOne();
        assertThat(executor.execute(request("inner")).replayed()).isFalse(); // nothing was spent
    }

    @ParameterizedTest
    @ValueSource(strings = {"AT_MOST_ONCE", "IDEMPOTENT", "PURE"})
    void an_action_of_another_kind_has_no_connection(Kind kind) throws Exception {
        List<Throwable> refusals = new ArrayList<>();
        Executor executor = executor(RecordingAction.of("add", kind, (input, context) -> {
            refusals.add(org.assertj.core.api.Assertions.catchThrowable(context::connection));
            return Json.emptyObject();
        }));

        executor.execute(request("n"));

        assertThat(refusals).hasSize(1).allMatch(IllegalStateException.class::isInstance);
    }

    @Test
    void an_executor_in_demo_mode_runs_it_too() throws Exception {
        try (Executor executor = Executor.with(
                        SqliteStore.at(file).withTables("CREATE TABLE IF NOT EXISTS t (a UNIQUE)"),
                        ApprovalPolicy.unsignedDemo())
                .action(adding(TransactionalActionTest::insert))
                .build()) {
            executor.execute(ExecutionRequest.of("add", Json.emptyObject(), "n"));
        }
        assertThat(effects()).isOne();
    }
}
