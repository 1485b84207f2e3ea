package dev.openexec.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.Execution;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.InDoubtException;
import dev.openexec.RefusedException;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.store.ExecutionStore;
import dev.openexec.testkit.SettableClock;
import dev.openexec.testkit.TestApprovals;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How to test an action: through an executor, which is the only way it will ever be entered. */
final class AppendLineTest {

    @TempDir
    Path folder;

    private Executor unapproved(Path file) {
        return Executor.with(ExecutionStore.inMemory(), ApprovalPolicy.unsignedDemo())
                .action(new AppendLine(file))
                .build();
    }

    private static ExecutionRequest append(String line) {
        return ExecutionRequest.of("append-line", Json.of(Map.of("line", line)), "nonce-1");
    }

    @Test
    void it_appends_a_line() throws Exception {
        Path file = folder.resolve("book");
        try (Executor executor = unapproved(file)) {
            Execution execution = executor.execute(append("invoice 17"));

            assertThat(execution.result()).isEqualTo(Json.of(Map.of("appended", "invoice 17")));
        }
        assertThat(file).hasContent("invoice 17\n");
    }

    @Test
    void it_takes_no_line_break() {
        Path file = folder.resolve("book");
        try (Executor executor = unapproved(file)) {
            assertThatThrownBy(() -> executor.execute(append("two\nlines")))
                    .isInstanceOf(RefusedException.class)
                    .hasMessage("invalid-input: line-break");
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void it_takes_no_null() throws Exception {
        Path file = folder.resolve("book");
        try (Executor executor = unapproved(file)) {
            Json payload = Json.parse("{\"line\":null}");
            assertThatThrownBy(() -> executor.execute(ExecutionRequest.of("append-line", payload, "nonce-1")))
                    .isInstanceOf(RefusedException.class)
                    .hasMessage("invalid-input: input-mismatch");

            executor.execute(append("invoice 17")); // under the same nonce, which nothing has claimed
        }
        assertThat(file).hasContent("invoice 17\n");
    }

    @Test
    void a_write_that_fails_is_reported_as_not_known() {
        try (Executor executor = unapproved(folder)) { // no line can be appended to a folder
            assertThatThrownBy(() -> executor.execute(append("invoice 17"))).isInstanceOf(InDoubtException.class);
        }
    }

    private final TestApprovals approver = TestApprovals.forTenant("acme");
    private final SettableClock clock = new SettableClock(Instant.parse("2026-11-22T12:00:00Z"));

    private Executor approved(Path file) {
        return Executor.with(ExecutionStore.inMemory(), approver.policy())
                .action(new AppendLine(file))
                .clock(clock)
                .build();
    }

    @Test
    void it_runs_with_an_approval_until_the_approval_expires() throws Exception {
        Path file = folder.resolve("book");
        try (Executor executor = approved(file)) {
            ExecutionRequest request = append("invoice 17");
            String approval = approver.approve(request, clock.instant());

            clock.advance(Duration.ofMinutes(6)); // it was good for five
            assertThatThrownBy(() -> executor.execute(request.withApproval(approval)))
                    .isInstanceOf(RefusedException.class)
                    .hasMessage("approval-expired: expired");

            clock.advance(Duration.ofMinutes(-1));
            assertThat(executor.execute(request.withApproval(approval)).replayed())
                    .isFalse();
        }
        assertThat(file).hasContent("invoice 17\n");
    }

    @Test
    void an_approval_for_another_tenant_does_not_help() {
        try (Executor executor = approved(folder.resolve("book"))) {
            ExecutionRequest request = append("invoice 17");
            String approval = approver.draft(request, clock.instant())
                    .with("tenant_id", "another")
                    .sign();

            assertThatThrownBy(() -> executor.execute(request.withApproval(approval)))
                    .isInstanceOf(RefusedException.class)
                    .hasMessage("approval-tenant-mismatch: tenant-mismatch");
        }
    }
}
