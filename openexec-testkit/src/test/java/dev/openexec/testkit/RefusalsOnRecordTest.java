package dev.openexec.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.RefusedException;
import dev.openexec.RefusedException.Reason;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.LogPosition;
import dev.openexec.store.StoreException;
import dev.openexec.store.Write;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the log says of requests that were refused. */
class RefusalsOnRecordTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final TestApprovals approver = TestApprovals.forTenant("acme");
    private final SettableClock clock = new SettableClock(NOW);

    @Test
    void a_refusal_of_what_somebody_signed_is_on_record_before_it_is_answered_and_once_for_each_reason() {
        try (Executor executor = executor(approver.policy())) {
            ExecutionRequest request = approved("unheard-of");
            for (int i = 0; i < 3; i++) {
                assertRefused(executor, request, Reason.UNKNOWN_ACTION);
                assertThat(receipts(executor)).hasSize(1);
            }
            clock.set(NOW.plusSeconds(100_000));
            ExecutionRequest expired = approvedAt("pay", NOW);
            assertRefused(executor, expired, Reason.APPROVAL_EXPIRED);

            assertThat(receipts(executor)).hasSize(2);
            assertThat(receipts(executor).get(0))
                    .contains("\"phase\":\"refusal\"", "\"reason\":\"unknown-action\"", "\"tenant\":\"acme\"")
                    .doesNotContain("s3cr3t");
            assertThat(receipts(executor).get(1)).contains("\"reason\":\"approval-expired\"");
        }
    }

    @Test
    void of_what_nobody_signed_there_is_nothing_but_a_count_by_the_end() throws Exception {
        List<String> written = new ArrayList<>();
        ListeningStore store = new ListeningStore();
        store.tell(write -> {
            if (write instanceof Write.Note note) {
                written.add(note.leaf().after(null));
            }
        });
        Executor executor = Executor.with(store, approver.policy())
                .clock(clock)
                .action(RecordingAction.counting("pay", Kind.AT_MOST_ONCE))
                .build();
        for (int i = 0; i < 7; i++) {
            assertRefused(
                    executor,
                    ExecutionRequest.of("pay", Json.of(Map.of("to", "s3cr3t")), "n" + i),
                    Reason.APPROVAL_MISSING);
        }
        assertThat(receipts(executor)).isEmpty();
        executor.close();

        assertThat(written).hasSize(1);
        assertThat(written.get(0))
                .contains("\"status\":\"refusals-counted\"", "\"details\":{\"approval-missing\":\"7\"}")
                .doesNotContain("s3cr3t", "pay");
    }

    @Test
    void a_refusal_is_answered_even_if_it_cannot_be_logged() {
        ListeningStore store = new ListeningStore();
        store.tell(write -> {
            if (write instanceof Write.Note) {
                throw new StoreException(StoreException.Reason.STORE_FULL, "No room");
            }
        });
        try (Executor executor =
                Executor.with(store, approver.policy()).clock(clock).build()) {
            ExecutionRequest request = approved("unheard-of");
            assertRefused(executor, request, Reason.UNKNOWN_ACTION);
            assertThat(receipts(executor)).isEmpty();
            store.tell(write -> {});
            assertRefused(executor, request, Reason.UNKNOWN_ACTION);
            assertThat(receipts(executor)).hasSize(1); // as if it were the first
        }
    }

    @Test
    void a_day_has_ten_thousand_of_them_and_no_more() {
        List<String> counted = new ArrayList<>();
        ListeningStore store = new ListeningStore();
        store.tell(write -> {
            if (write instanceof Write.Note note && note.leaf().after(null).contains("refusals-counted")) {
                counted.add(note.leaf().after(null));
            }
        });
        try (Executor executor =
                Executor.with(store, approver.policy()).clock(clock).build()) {
            for (int i = 0; i < 10_003; i++) {
                assertRefused(executor, approved("unheard-of"), Reason.UNKNOWN_ACTION);
            }
            assertThat(receipts(executor)).hasSize(10_000);
        }
        assertThat(counted).singleElement().asString().contains("\"details\":{\"unknown-action\":\"3\"}");
    }

    @Test
    void in_demo_mode_nothing_that_a_caller_wrote_is_logged() {
        try (Executor executor = executor(ApprovalPolicy.unsignedDemo())) {
            assertRefused(executor, ExecutionRequest.of("unheard-of", Json.emptyObject(), "n"), Reason.UNKNOWN_ACTION);
            assertThat(receipts(executor)).isEmpty();
        }
    }

    private Executor executor(ApprovalPolicy policy) {
        return Executor.with(ExecutionStore.inMemory(), policy)
                .clock(clock)
                .action(RecordingAction.counting("pay", Kind.AT_MOST_ONCE))
                .build();
    }

    private ExecutionRequest approved(String action) {
        return approvedAt(action, clock.instant());
    }

    private ExecutionRequest approvedAt(String action, Instant time) {
        ExecutionRequest request = ExecutionRequest.of(action, Json.of(Map.of("to", "s3cr3t")), "n");
        return request.withApproval(approver.approve(request, time));
    }

    private static void assertRefused(Executor executor, ExecutionRequest request, Reason reason) {
        assertThatThrownBy(() -> executor.execute(request))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private static List<String> receipts(Executor executor) {
        return executor.log()
                .ask(log -> {
                    int size = Math.toIntExact(log.head(1).size());
                    return size == 0 ? List.<String>of() : log.receipts(new LogPosition(1, 0), size);
                })
                .toCompletableFuture()
                .join();
    }
}
