package dev.openexec.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.RefusedException;
import dev.openexec.RefusedException.Reason;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.store.jdbc.SqliteStore;
import dev.openexec.testkit.RecordingAction;
import dev.openexec.testkit.SettableClock;
import dev.openexec.testkit.TestApprovals;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code openexec prune} and {@code openexec ledger trust-clock}, while an executor has the ledger open. */
class PruneCommandTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final TestApprovals approver = TestApprovals.forTenant("acme");
    private final SettableClock clock = new SettableClock(NOW);
    private @TempDir Path folder;
    private Path file;
    private Executor executor;
    private Terminal terminal;

    @BeforeEach
    void open() {
        file = folder.resolve("ledger.db");
        executor = executor(file, approver.policy());
        terminal = new Terminal(file, clock);
    }

    @AfterEach
    void close() {
        executor.close();
    }

    @Test
    void what_is_old_is_forgotten_in_batches_and_its_approval_stays_spent() throws Exception {
        ExecutionRequest old = approved("n-1");
        executor.execute(old);
        for (int i = 2; i <= 501; i++) {
            executor.execute(approved("n-" + i));
        }
        clock.set(NOW.plus(Duration.ofHours(12)));
        executor.execute(approved("young"));
        clock.set(NOW.plus(Duration.ofHours(30)));

        assertThat(terminal.run("prune", "--older-than=24h", "--json"))
                .as(() -> terminal.err())
                .isZero();
        assertThat(number("executions_removed")).isEqualTo(501);
        assertThat(terminal.err()).contains("500 so far", "prune: 501 executions removed, ended before ");
        terminal.run("executions", "list", "--json");
        assertThat(terminal.documents()).hasSize(1);
        clock.set(NOW.plusSeconds(1)); // whatever the clock says
        terminal.run("ledger", "trust-clock", "--actor=a", "--evidence=e");
        assertRefused(old, Reason.APPROVAL_EXPIRED);
    }

    @Test
    void results_alone_are_dropped_and_the_request_gets_to_know_it() throws Exception {
        ExecutionRequest request = approved("n-1");
        executor.execute(request);
        clock.advance(Duration.ofHours(2));

        assertThat(terminal.run("prune", "--older-than=60m", "--results-only", "--json"))
                .isZero();
        assertThat(number("results_erased")).isEqualTo(1);
        assertRefused(request, Reason.RESULT_ERASED);
        terminal.run("executions", "list", "--json");
        assertThat(terminal.documents().get(0).get("erased").orElseThrow().asBoolean())
                .isTrue();
    }

    @Test
    void a_clock_gone_wild_forgets_nothing_until_somebody_says_that_it_is_right() throws Exception {
        executor.execute(approved("n-1"));
        clock.advance(Duration.ofDays(400));

        for (String[] prune :
                new String[][] {{"prune", "--older-than=90d"}, {"prune", "--older-than=90d", "--results-only"}}) {
            assertThat(terminal.run(prune)).isEqualTo(Tool.UNAVAILABLE);
            assertThat(terminal.err()).contains("clock-unsafe", "trust-clock --actor");
        }
        assertThat(terminal.run("ledger", "trust-clock", "--actor=alice", "--evidence=ntpq", "--json"))
                .isZero();
        assertThat(terminal.member("latest_signed_claim"))
                .isEqualTo(NOW.plus(Duration.ofDays(400)).toString());
        assertThat(terminal.err()).contains("trust-clock by alice: ntpq");
        assertThat(terminal.run("prune", "--older-than=90d", "--json")).isZero();
        assertThat(number("executions_removed")).isEqualTo(1);
    }

    @Test
    void a_ledger_without_approvals_keeps_its_nonces_and_may_drop_results() throws Exception {
        Path demo = folder.resolve("demo.db");
        try (Executor unsigned = executor(demo, ApprovalPolicy.unsignedDemo())) {
            unsigned.execute(ExecutionRequest.of("pay", Json.emptyObject(), "n"));
            clock.advance(Duration.ofDays(400));
            Terminal other = new Terminal(demo, clock);
            assertThat(other.run("prune", "--older-than=90d")).isEqualTo(Tool.DATA);
            assertThat(other.err()).contains("ledger-unsigned");
            assertThat(other.run("prune", "--older-than=90d", "--results-only")).isZero();
            assertThat(other.out()).containsSubsequence("results_erased", "1", "ended_before");
        }
    }

    @Test
    void an_age_is_a_number_and_a_unit() {
        assertThat(terminal.run("prune", "--older-than=soon")).isEqualTo(Tool.USAGE);
        assertThat(terminal.run("prune")).isEqualTo(Tool.USAGE);
    }

    private Executor executor(Path ledger, ApprovalPolicy policy) {
        return Executor.with(SqliteStore.at(ledger), policy)
                .action(RecordingAction.counting("pay", Kind.AT_MOST_ONCE))
                .clock(clock)
                .build();
    }

    private ExecutionRequest approved(String nonce) {
        ExecutionRequest request = ExecutionRequest.of("pay", Json.emptyObject(), nonce);
        return request.withApproval(approver.approve(request, clock.instant()));
    }

    private void assertRefused(ExecutionRequest request, Reason reason) {
        assertThatThrownBy(() -> executor.execute(request))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private int number(String member) {
        return terminal.documents().get(0).get(member).orElseThrow().asInteger().intValue();
    }
}
