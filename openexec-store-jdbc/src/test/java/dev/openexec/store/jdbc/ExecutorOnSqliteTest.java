package dev.openexec.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.Execution;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.InDoubtException;
import dev.openexec.InDoubtException.Doubt;
import dev.openexec.Receipt;
import dev.openexec.RefusedException;
import dev.openexec.RefusedException.Reason;
import dev.openexec.action.Action;
import dev.openexec.action.ActionContext;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Digest;
import dev.openexec.json.Json;
import dev.openexec.store.StoreException;
import dev.openexec.testkit.RecordingAction;
import dev.openexec.testkit.SettableClock;
import dev.openexec.testkit.TestApprovals;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the executor promises, where it depends on a ledger that outlives it or that others share. */
class ExecutorOnSqliteTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Json PAYLOAD = Json.of(Map.of("amount", 100));
    private static final TestApprovals APPROVER = TestApprovals.forTenant("acme");

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock(NOW);
    private final RecordingAction pay = RecordingAction.counting("pay", Kind.AT_MOST_ONCE);

    /** The clock as executors see it. */
    InstantSource seen(InstantSource right) {
        return right;
    }

    private Executor.Builder executor(ApprovalPolicy policy) {
        return Executor.with(SqliteStore.at(folder.resolve("ledger.db")), policy)
                .clock(seen(clock))
                .waitBudget(Duration.ofDays(1));
    }

    private static ExecutionRequest request(String action, String nonce) {
        return ExecutionRequest.of(action, PAYLOAD, nonce);
    }

    @Test
    void an_answer_outlives_its_process() throws Exception {
        Execution first;
        try (Executor executor =
                executor(ApprovalPolicy.unsignedDemo()).action(pay).build()) {
            first = executor.execute(request("pay", "n-1"));
            assertThat(executor.readiness().durable()).isTrue();
        }
        try (Executor executor =
                executor(ApprovalPolicy.unsignedDemo()).action(pay).build()) {
            Execution again = executor.execute(request("pay", "n-1"));
            assertThat(again.replayed()).isTrue();
            assertThat(again.id()).isEqualTo(first.id());
            assertThat(again.result()).isEqualTo(first.result());
            assertThat(again.receipt()).isEqualTo(first.receipt());
        }
        assertThat(pay.entered()).isEqualTo(1);
    }

    private static class Pay implements Action<Json> {

        private final Kind kind;

        Pay(Kind kind) {
            this.kind = kind;
        }

        @Override
        public String name() {
            return "pay";
        }

        @Override
        public Kind kind() {
            return kind;
        }

        @Override
        public Class<Json> inputType() {
            return Json.class;
        }

        @Override
        public Json run(Json input, ActionContext context) {
            return Json.emptyObject();
        }
    }

    private static final class RewrittenPay extends Pay {
        RewrittenPay(Kind kind) {
            super(kind);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AT_MOST_ONCE", "IDEMPOTENT", "PURE"})
    void a_row_says_which_code_ran_and_is_replayed_whatever_code_is_there_by_then(Kind kind) throws Exception {
        Digest ran;
        try (Executor executor =
                executor(ApprovalPolicy.unsignedDemo()).action(new Pay(kind)).build()) {
            ran = executor.actionDigest("pay").orElseThrow();
            executor.execute(request("pay", "n-1"));
        }
        try (Executor redeployed = executor(ApprovalPolicy.unsignedDemo())
                .action(new RewrittenPay(kind))
                .build()) {
            assertThat(redeployed.actionDigest("pay").orElseThrow()).isNotEqualTo(ran);
            assertThat(redeployed.actionDigest("absent")).isEmpty();
            assertThat(redeployed.execute(request("pay", "n-1")).replayed()).isTrue();
        }
        assertThat(Sql.texts(folder.resolve("ledger.db"), "SELECT lower(hex(action_digest)) FROM oe_execution"))
                .containsExactly(ran.hex());
    }

    @ParameterizedTest
    @EnumSource(names = {"AT_MOST_ONCE", "IDEMPOTENT"})
    void two_executors_on_one_file_enter_a_nonce_once_and_answer_alike(Kind kind) {
        RecordingAction once = RecordingAction.counting("once", kind);
        try (Executor one = executor(ApprovalPolicy.unsignedDemo()).action(once).build();
                Executor two =
                        executor(ApprovalPolicy.unsignedDemo()).action(once).build()) {
            for (int nonce = 0; nonce < 50; nonce++) {
                List<CompletableFuture<Object>> answers = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    answers.add((i % 2 == 0 ? one : two)
                            .executeAsync(request("once", "n-" + nonce))
                            .<Object>handle((execution, failure) -> failure == null ? execution.receipt() : failure)
                            .toCompletableFuture());
                }
                assertThat(answers)
                        .extracting(CompletableFuture::join)
                        .containsOnly(answers.get(0).join())
                        .hasOnlyElementsOfType(Receipt.class);
                assertThat(once.entered()).isEqualTo(nonce + 1);
            }
        }
    }

    @Test
    void two_executors_on_one_file_spend_an_approval_once() {
        try (Executor one = executor(APPROVER.policy()).action(pay).build();
                Executor two = executor(APPROVER.policy()).action(pay).build()) {
            String approval = APPROVER.approve("pay", PAYLOAD, NOW);
            List<CompletableFuture<Object>> verdicts = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                ExecutionRequest request = request("pay", "n-" + i).withApproval(approval);
                verdicts.add((i % 2 == 0 ? one : two)
                        .executeAsync(request)
                        .<Object>handle((execution, failure) ->
                                failure instanceof RefusedException refused ? refused.reason() : execution)
                        .toCompletableFuture());
            }
            assertThat(verdicts)
                    .extracting(CompletableFuture::join)
                    .filteredOn(Execution.class::isInstance)
                    .hasSize(1);
            assertThat(verdicts)
                    .extracting(CompletableFuture::join)
                    .filteredOn(Reason.APPROVAL_ALREADY_USED::equals)
                    .hasSize(23);
            assertThat(pay.entered()).isEqualTo(1);
        }
    }

    @Test
    void a_tenant_takes_no_nonce_and_no_approval_id_away_from_another() throws Exception {
        TestApprovals another = TestApprovals.forTenant("another");
        String id = "00000000-0000-4000-8000-000000000001"; // two issuers may choose the same
        try (Executor ours = executor(APPROVER.policy()).action(pay).build();
                Executor theirs = executor(another.policy()).action(pay).build()) {
            ours.execute(request("pay", "n-1").withApproval(approval(APPROVER, id)));

            String other = another.approve("pay", PAYLOAD, NOW);
            assertThat(theirs.executeAsync(request("pay", "n-1").withApproval(other)))
                    .succeedsWithin(Duration.ofSeconds(30))
                    .returns(false, Execution::replayed);
            assertThat(theirs.executeAsync(request("pay", "n-2").withApproval(approval(another, id))))
                    .succeedsWithin(Duration.ofSeconds(30))
                    .returns(false, Execution::replayed);
        }
        assertThat(pay.entered()).isEqualTo(3);
    }

    private static String approval(TestApprovals approver, String id) {
        return approver.draft("pay", PAYLOAD, NOW).with("approval_id", id).sign();
    }

    @Test
    void a_signed_request_over_a_row_made_in_demo_mode_gets_nothing() throws Exception {
        try (Executor demo = executor(ApprovalPolicy.unsignedDemo()).action(pay).build()) {
            demo.execute(request("pay", "n-1"));
        }
        try (Executor signed = executor(APPROVER.policy()).action(pay).build()) {
            ExecutionRequest over = request("pay", "n-1").withApproval(APPROVER.approve("pay", PAYLOAD, NOW));
            assertThatThrownBy(() -> signed.execute(over))
                    .isInstanceOfSatisfying(
                            RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NONCE_REUSED));
        }
        assertThat(pay.entered()).isEqualTo(1);
    }

    @Test
    void a_ledger_that_was_opened_in_signed_mode_takes_no_demo_executor() {
        executor(APPROVER.policy()).action(pay).build().close();
        assertThatThrownBy(() -> executor(ApprovalPolicy.unsignedDemo()).build())
                .isInstanceOfSatisfying(
                        StoreException.class,
                        e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.LEDGER_IS_SIGNED));
    }

    @Test
    void a_replay_needs_no_unexpired_approval_but_the_same_one() throws Exception {
        ExecutionRequest approved = request("pay", "n-1").withApproval(APPROVER.approve("pay", PAYLOAD, NOW));
        try (Executor executor = executor(APPROVER.policy()).action(pay).build()) {
            executor.execute(approved);
        }
        clock.advance(Duration.ofDays(365));
        try (Executor executor = executor(APPROVER.policy()).action(pay).build()) {
            assertThat(executor.execute(approved).replayed()).isTrue();
            assertThatThrownBy(() -> executor.execute(request("pay", "n-1")))
                    .isInstanceOfSatisfying(
                            RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.APPROVAL_MISSING));
        }
        assertThat(pay.entered()).isEqualTo(1);
    }

    @Test
    void what_a_closing_executor_could_not_wait_for_is_an_unknown_outcome_and_never_runs_again() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        RecordingAction slow = RecordingAction.waitingFor(go, "slow", Kind.AT_MOST_ONCE);
        Executor closing = executor(ApprovalPolicy.unsignedDemo())
                .action(slow)
                .drainBudget(Duration.ZERO)
                .build();
        CompletableFuture<Execution> answer =
                closing.executeAsync(request("slow", "n-1")).toCompletableFuture();
        slow.awaitEntry();
        closing.close();
        go.countDown();
        assertThatThrownBy(answer::join).isInstanceOf(CompletionException.class);
        assertThat(code("n-1")).isEqualTo("drain-exceeded"); // by the closing executor, not by the next one's recovery
        try (Executor next =
                executor(ApprovalPolicy.unsignedDemo()).action(slow).build()) {
            assertThatThrownBy(() -> next.execute(request("slow", "n-1")))
                    .isInstanceOfSatisfying(
                            InDoubtException.class, e -> assertThat(e.doubt()).isEqualTo(Doubt.OUTCOME_INDETERMINATE));
        }
        assertThat(slow.entered()).isEqualTo(1);
    }

    @Test
    void a_duplicate_that_waits_for_another_process_is_answered_when_its_executor_closes() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        RecordingAction slow = RecordingAction.waitingFor(go, "slow", Kind.AT_MOST_ONCE);
        try (Executor one = executor(ApprovalPolicy.unsignedDemo()).action(slow).build()) {
            CompletableFuture<Execution> first =
                    one.executeAsync(request("slow", "n-1")).toCompletableFuture();
            slow.awaitEntry();
            CountDownLatch looks = new CountDownLatch(3); // from the second on it only waits
            Interposed sqlite = new Interposed().before("SELECT nonce_key", connection -> looks.countDown());
            Executor two = Executor.with(
                            new SqliteStore(folder.resolve("ledger.db"), sqlite), ApprovalPolicy.unsignedDemo())
                    .action(slow)
                    .waitBudget(Duration.ofDays(1))
                    .drainBudget(Duration.ZERO)
                    .build();
            CompletableFuture<Execution> duplicate =
                    two.executeAsync(request("slow", "n-1")).toCompletableFuture();
            looks.await();
            two.close();
            try {
                assertThat(duplicate)
                        .failsWithin(Duration.ofSeconds(30))
                        .withThrowableThat()
                        .havingCause() // none, if it has only not ended
                        .isInstanceOf(InDoubtException.class);
            } finally {
                go.countDown();
            }
            assertThat(first.join().replayed()).isFalse();
        }
        assertThat(slow.entered()).isEqualTo(1);
    }

    @Test
    void an_executor_may_be_closed_by_whoever_it_has_just_answered() {
        Executor executor = executor(ApprovalPolicy.unsignedDemo()).action(pay).build();
        executor.executeAsync(request("pay", "n-1"))
                .thenAccept(answer -> executor.close())
                .toCompletableFuture()
                .join();
        assertThat(executor.readiness().ready()).isFalse();
    }

    private String code(String nonce) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.db"));
                PreparedStatement statement =
                        connection.prepareStatement("SELECT code FROM oe_execution WHERE nonce = ?")) {
            statement.setString(1, nonce);
            return statement.executeQuery().getString(1);
        }
    }
}
