package dev.openexec.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.Execution;
import dev.openexec.ExecutionFailedException;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.InDoubtException;
import dev.openexec.Receipt;
import dev.openexec.RefusedException;
import dev.openexec.RefusedException.Reason;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.store.Change;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.Outcome.Verdict;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.StoredExecution.Resolution;
import dev.openexec.store.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What callers hear of an execution that a person has settled, or whose result was erased. */
class ResolvedTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final ExecutionRequest REQUEST = ExecutionRequest.of("pay", Json.of(Map.of("amount", 100)), "n-1");

    private final RecordingAction pay = RecordingAction.of("pay", Kind.AT_MOST_ONCE, (input, context) -> {
        throw new IllegalStateException("who knows how far it came");
    });
    private final ExecutionStore store = ExecutionStore.inMemory();
    private final Executor executor = Executor.with(store, ApprovalPolicy.unsignedDemo())
            .action(pay)
            .action(RecordingAction.counting("count", Kind.AT_MOST_ONCE))
            .clock(new SettableClock(NOW))
            .build();

    @AfterEach
    void close() {
        executor.close();
    }

    @Test
    void the_result_that_a_person_supplied_is_replayed_as_resolved() throws Exception {
        StoredExecution row = leaveInDoubt();
        resolve(row, Ending.succeeded(NOW, "{\"paid\": true}"));

        Execution again = executor.execute(REQUEST);
        assertThat(again.resolved()).isTrue();
        assertThat(again.replayed()).isTrue();
        assertThat(again.id()).isEqualTo(row.claim().executionId());
        assertThat(again.result().canonical()).isEqualTo("{\"paid\":true}");
        assertThat(again.receipt()).isEqualTo(Receipt.of(again.id().toString(), "{\"paid\": true}"));
        assertThat(pay.entered()).isEqualTo(1);
    }

    @Test
    void the_failure_that_a_person_supplied_is_replayed_as_resolved() {
        resolve(leaveInDoubt(), Ending.failed(NOW, "never-arrived"));

        assertThatThrownBy(() -> executor.execute(REQUEST))
                .isInstanceOfSatisfying(ExecutionFailedException.class, failed -> {
                    assertThat(failed.resolved()).isTrue();
                    assertThat(failed.replayed()).isTrue();
                    assertThat(failed.code()).isEqualTo("never-arrived");
                });
        assertThat(pay.entered()).isEqualTo(1);
    }

    @Test
    void what_ended_by_itself_is_not_resolved() throws Exception {
        ExecutionRequest request = ExecutionRequest.of("count", Json.emptyObject(), "n-1");
        assertThat(executor.execute(request).resolved()).isFalse();
        assertThat(executor.execute(request).resolved()).isFalse();
    }

    @Test
    void an_erased_result_is_refused_and_does_not_run_again() throws Exception {
        ExecutionRequest request = ExecutionRequest.of("count", Json.emptyObject(), "n-1");
        executor.execute(request);
        store.write(new Write.EraseResults(NOW.plus(Duration.ofSeconds(1)), 10, null))
                .toCompletableFuture()
                .join();

        assertThatThrownBy(() -> executor.execute(request))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.RESULT_ERASED));
    }

    private StoredExecution leaveInDoubt() {
        assertThatThrownBy(() -> executor.execute(REQUEST)).isInstanceOf(InDoubtException.class);
        return store.executions(null, 1).toCompletableFuture().join().get(0);
    }

    private void resolve(StoredExecution row, Ending ending) {
        Write resolution = new Change.Resolve(
                row.claim().nonceKey(),
                row.claim().token(),
                row.attempt(),
                ending,
                new Resolution("alice", "the bank's statement"),
                null);
        assertThat(store.write(resolution).toCompletableFuture().join().verdict())
                .isEqualTo(Verdict.APPLIED);
    }
}
