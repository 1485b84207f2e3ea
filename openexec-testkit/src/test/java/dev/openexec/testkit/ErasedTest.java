package dev.openexec.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.ExecutionFailedException;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.RefusedException;
import dev.openexec.RefusedException.Reason;
import dev.openexec.action.ActionFailedException;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.store.Change;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.Outcome.Verdict;
import dev.openexec.store.StoredExecution;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What callers hear of an execution that was erased: nothing of it, and it does not run again. */
class ErasedTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final ExecutionRequest REQUEST = request(100, "n-1");

    private final TestApprovals approver = TestApprovals.forTenant("acme");
    private final RecordingAction pay = RecordingAction.counting("pay", Kind.AT_MOST_ONCE);
    private final ExecutionStore store = ExecutionStore.inMemory();

    private static ExecutionRequest request(int amount, String nonce) {
        return ExecutionRequest.of("pay", Json.of(Map.of("amount", amount)), nonce);
    }

    private Executor executor(ApprovalPolicy policy, RecordingAction action) {
        return Executor.with(store, policy)
                .action(action)
                .clock(new SettableClock(NOW))
                .build();
    }

    private void erase() {
        StoredExecution row =
                store.executions(null, 1).toCompletableFuture().join().get(0);
        Change erase = new Change.Erase(row.claim().nonceKey(), row.claim().token(), row.attempt(), null);
        assertThat(store.write(erase).toCompletableFuture().join().verdict()).isEqualTo(Verdict.APPLIED);
    }

    private static void assertRefused(Executor executor, ExecutionRequest request, Reason reason) {
        assertThatThrownBy(() -> executor.execute(request))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void its_nonce_is_refused_whatever_is_asked_for_with_it() throws Exception {
        try (Executor executor = executor(ApprovalPolicy.unsignedDemo(), pay)) {
            executor.execute(REQUEST);
            erase();

            assertRefused(executor, REQUEST, Reason.EXECUTION_ERASED);
            assertRefused(executor, request(200, "n-1"), Reason.EXECUTION_ERASED);
        }
        assertThat(pay.entered()).isEqualTo(1);
    }

    @Test
    void a_failure_that_was_erased_is_refused_in_the_same_way() {
        RecordingAction broke = RecordingAction.of("pay", Kind.AT_MOST_ONCE, (input, context) -> {
            throw new ActionFailedException("no-funds");
        });
        try (Executor executor = executor(ApprovalPolicy.unsignedDemo(), broke)) {
            assertThatThrownBy(() -> executor.execute(REQUEST)).isInstanceOf(ExecutionFailedException.class);
            erase();

            assertRefused(executor, REQUEST, Reason.EXECUTION_ERASED);
        }
        assertThat(broke.entered()).isEqualTo(1);
    }

    @Test
    void its_approval_stays_spent_and_only_its_own_request_hears_that_it_was_erased() throws Exception {
        String approval = approver.approve(REQUEST, NOW);
        ExecutionRequest approved = REQUEST.withApproval(approval);
        ExecutionRequest elsewhere = request(100, "n-2");
        try (Executor executor = executor(approver.policy(), pay)) {
            executor.execute(approved);
            erase();

            assertRefused(executor, approved, Reason.EXECUTION_ERASED);
            assertRefused(executor, elsewhere.withApproval(approval), Reason.APPROVAL_ALREADY_USED);
            assertRefused(executor, REQUEST.withApproval(approver.approve(REQUEST, NOW)), Reason.NONCE_REUSED);
        }
        assertThat(pay.entered()).isEqualTo(1);
    }
}
