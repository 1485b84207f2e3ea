package dev.openexec.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.Execution.Audit;
import dev.openexec.Execution.Audit.Finding;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.action.Action;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Digest;
import dev.openexec.json.Json;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.StoredExecution.Resolution;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Recorded executions that are evaluated again, and those that are not. */
class AuditTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final String LEDGER = "0".repeat(32);

    private final RecordingAction sum = returning("sum", Kind.PURE, 3);

    @Test
    void the_same_result_is_the_same_and_another_is_different() throws Exception {
        StoredExecution row = recorded(sum);
        assertThat(Audit.of(LEDGER, List.of(sum)).run(row)).isEqualTo(Finding.SAME);
        assertThat(Audit.of(LEDGER, List.of(returning("sum", Kind.PURE, 4))).run(row))
                .isEqualTo(Finding.DIFFERENT);
    }

    @Test
    void looking_runs_nothing() throws Exception {
        StoredExecution row = recorded(sum);
        int before = sum.entered();
        assertThat(Audit.of(LEDGER, List.of(sum)).look(row)).isEqualTo(Finding.COMPARABLE);
        assertThat(sum.entered()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"AT_MOST_ONCE", "IDEMPOTENT"})
    void what_is_not_pure_is_never_run(Kind kind) throws Exception {
        RecordingAction effect = returning("sum", kind, 3);
        assertNotRun(Finding.NOT_PURE, effect, recorded(sum)); // it was PURE once
        StoredExecution row = recorded(effect);
        assertThat(Audit.of(LEDGER, List.of(sum)).run(row)).isEqualTo(Finding.NOT_PURE); // it is PURE by now
    }

    @Test
    void other_code_is_not_run() throws Exception {
        StoredExecution row = recorded(sum);
        assertNotRun(Finding.OTHER_CODE, sum, from(row, Digest.ofUtf8("other")));
        assertNotRun(Finding.OTHER_CODE, sum, from(row, null));
        assertNotRun(Finding.NOT_INSTALLED, returning("other", Kind.PURE, 3), row);
    }

    @Test
    void what_has_no_result_of_its_own_is_not_run() throws Exception {
        StoredExecution row = recorded(sum);
        assertNotRun(Finding.NO_RESULT, sum, row.withoutResult());
        assertNotRun(Finding.NO_RESULT, sum, row.erased());
        assertNotRun(
                Finding.NO_RESULT,
                sum,
                new StoredExecution(row.claim(), 1, row.ending(), new Resolution("alice", "a ticket")));
        assertNotRun(
                Finding.NO_RESULT, sum, new StoredExecution(row.claim(), 1, Ending.failed(NOW, "result-too-large")));
    }

    private static void assertNotRun(Finding finding, RecordingAction action, StoredExecution row) {
        int before = action.entered();
        assertThat(Audit.of(LEDGER, List.<Action<?>>of(action)).run(row)).isEqualTo(finding);
        assertThat(action.entered()).isEqualTo(before);
    }

    private static RecordingAction returning(String name, Kind kind, int result) {
        return RecordingAction.of(name, kind, (input, context) -> Json.of(Map.of("result", result)));
    }

    private static StoredExecution recorded(RecordingAction action) throws Exception {
        ExecutionStore store = ExecutionStore.inMemory();
        try (Executor executor = Executor.with(store, ApprovalPolicy.unsignedDemo())
                .action(action)
                .build()) {
            executor.execute(ExecutionRequest.of(action.name(), Json.emptyObject(), "n"));
            return store.executions(null, 1).toCompletableFuture().join().get(0);
        }
    }

    private static StoredExecution from(StoredExecution row, @Nullable Digest code) {
        Claim claim = row.claim();
        return new StoredExecution(
                new Claim(
                        claim.executionId(),
                        claim.nonceKey(),
                        claim.untenantedNonceKey(),
                        claim.authority(),
                        claim.approval(),
                        claim.requestHash(),
                        claim.tenant(),
                        claim.nonce(),
                        claim.action(),
                        claim.kind(),
                        code,
                        claim.payload(),
                        claim.token(),
                        claim.salt(),
                        claim.claimedAt()),
                row.attempt(),
                row.ending());
    }
}
