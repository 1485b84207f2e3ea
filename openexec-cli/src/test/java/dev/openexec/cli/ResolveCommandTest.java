package dev.openexec.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.Execution;
import dev.openexec.ExecutionFailedException;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.InDoubtException;
import dev.openexec.Receipt;
import dev.openexec.action.Kind;
import dev.openexec.json.Json;
import dev.openexec.store.jdbc.SqliteStore;
import dev.openexec.testkit.RecordingAction;
import dev.openexec.testkit.SettableClock;
import dev.openexec.testkit.TestApprovals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code openexec resolve}, while an executor has the same signed ledger open. */
class ResolveCommandTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Json PAYLOAD = Json.of(Map.of("amount", 100));
    private static final String[] REASON = {"--actor", "alice", "--evidence", "the bank's statement"};

    private final TestApprovals approver = TestApprovals.forTenant("acme");
    private final CountDownLatch never = new CountDownLatch(1);
    private final RecordingAction lose = RecordingAction.of("lose", Kind.AT_MOST_ONCE, (input, context) -> {
        throw new IllegalStateException("who knows");
    });
    private final RecordingAction slow = RecordingAction.waitingFor(never, "slow", Kind.AT_MOST_ONCE);
    private @TempDir Path folder;
    private Executor executor;
    private Terminal terminal;

    @BeforeEach
    void open() {
        Path file = folder.resolve("ledger.db");
        SettableClock clock = new SettableClock(NOW);
        executor = Executor.with(SqliteStore.at(file), approver.policy())
                .action(lose)
                .action(slow)
                .action(RecordingAction.counting("pay", Kind.AT_MOST_ONCE))
                .clock(clock)
                .waitBudget(Duration.ZERO)
                .build();
        terminal = new Terminal(file, clock);
    }

    @AfterEach
    void close() {
        never.countDown();
        executor.close();
    }

    @Test
    void the_result_that_is_supplied_is_what_the_same_request_gets() throws Exception {
        ExecutionRequest request = approved("lose");
        String id = leaveInDoubt(request);
        Path result = Files.writeString(folder.resolve("result.json"), " {\"paid\":true,\"at\": \"12:00\"} ");

        assertThat(resolve(id, "--succeeded", result.toString())).isZero();
        assertThat(terminal.member("state")).isEqualTo("SUCCEEDED");
        assertThat(terminal.member("resolved_by")).isEqualTo("alice");
        assertThat(terminal.member("evidence")).isEqualTo("the bank's statement");
        assertThat(terminal.err()).contains("resolve " + id + " as SUCCEEDED by alice: the bank's statement");

        Execution again = executor.execute(request);
        assertThat(again.resolved()).isTrue();
        assertThat(again.replayed()).isTrue();
        assertThat(again.receipt()).isEqualTo(Receipt.of(id, "{\"at\": \"12:00\", \"paid\": true}"));
        assertThat(lose.entered()).isEqualTo(1);
    }

    @Test
    void a_result_may_come_from_standard_input() throws Exception {
        ExecutionRequest request = approved("lose");
        String id = leaveInDoubt(request);
        assertThat(resolve(terminal.reading("{}"), id, "--succeeded", "-")).isZero();
        assertThat(executor.execute(request).result()).isEqualTo(Json.emptyObject());
    }

    @Test
    void the_failure_that_is_supplied_is_what_the_same_request_gets() {
        ExecutionRequest request = approved("lose");
        assertThat(resolve(leaveInDoubt(request), "--failed", "never-arrived")).isZero();
        assertThatThrownBy(() -> executor.execute(request))
                .isInstanceOfSatisfying(ExecutionFailedException.class, failed -> {
                    assertThat(failed.resolved()).isTrue();
                    assertThat(failed.code()).isEqualTo("never-arrived");
                });
    }

    @Test
    void what_still_runs_is_not_resolved() throws Exception {
        ExecutionRequest request = approved("slow");
        var unused = executor.executeAsync(request);
        slow.awaitEntry();
        String id = slow.entries().get(0).executionId().toString();

        assertRefused("execution-running", id, "--failed", "never-arrived");
        assertThat(terminal.err()).contains("open the ledger with a server");
        assertState(id, "RUNNING");
    }

    @Test
    void what_is_settled_is_not_resolved() throws Exception {
        String id = executor.execute(approved("pay")).id().toString();
        assertRefused("execution-settled", id, "--failed", "never-arrived");
        assertState(id, "SUCCEEDED");

        String resolved = leaveInDoubt(approved("lose"));
        resolve(resolved, "--failed", "never-arrived");
        assertRefused("execution-settled", resolved, "--failed", "another");
    }

    @Test
    void what_is_no_id_is_told_as_that() {
        assertThat(terminal.run("resolve", "nonsense", "--failed=no", "--actor=a", "--evidence=e"))
                .isEqualTo(Tool.USAGE);
        assertThat(terminal.err())
                .contains("'nonsense' is not the id of an execution")
                .doesNotContain("java");
        assertThat(terminal.run("executions", "show", "nonsense")).isEqualTo(Tool.USAGE);
        assertThat(terminal.err()).contains("'nonsense' is not the id of an execution");
    }

    @Test
    void what_is_not_there_is_not_resolved() {
        assertRefused("execution-unknown", UUID.randomUUID().toString(), "--failed", "never-arrived");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'a':1,'a':2} | result-malformed",
                "{'a':          | result-malformed",
                "[1]            | result-unrepresentable",
                "'text'         | result-unrepresentable",
            },
            quoteCharacter = '`')
    void a_result_that_no_action_could_return_is_refused(String result, String name) {
        String id = leaveInDoubt(approved("lose"));
        terminal.reading(result.replace('\'', '"'));
        assertRefused(name, id, "--succeeded", "-");
        assertState(id, "INDETERMINATE");
    }

    @Test
    void a_result_over_one_mebibyte_is_refused() {
        String id = leaveInDoubt(approved("lose"));
        String part = "\"" + "x".repeat(200_000) + "\"";
        String large = "{\"a\":[" + String.join(",", part, part, part, part, part, part) + "]}";
        terminal.reading(large);
        assertRefused("result-too-large", id, "--succeeded", "-");
        terminal.reading(" ".repeat(5 << 20));
        assertRefused("result-too-large", id, "--succeeded", "-");
    }

    @Test
    void nobody_resolves_without_saying_who_and_why() {
        String id = leaveInDoubt(approved("lose"));
        assertThat(terminal.run("resolve", id, "--failed", "x")).isEqualTo(Tool.USAGE);
        assertThat(terminal.run("resolve", id, "--failed", "x", "--actor", " ", "--evidence", "e"))
                .isEqualTo(Tool.USAGE);
        assertThat(terminal.run("resolve", id, "--failed", "x", "--succeeded", "-", "--actor", "a", "--evidence", "e"))
                .isEqualTo(Tool.USAGE);
        assertThat(resolve(id, "--failed", "Not A Code")).isEqualTo(Tool.USAGE);
        assertState(id, "INDETERMINATE");
    }

    private ExecutionRequest approved(String action) {
        ExecutionRequest request = ExecutionRequest.of(action, PAYLOAD, "n-" + action);
        return request.withApproval(approver.approve(request, NOW));
    }

    private String leaveInDoubt(ExecutionRequest request) {
        String[] id = new String[1];
        assertThatThrownBy(() -> executor.execute(request))
                .isInstanceOfSatisfying(
                        InDoubtException.class,
                        e -> id[0] = e.executionId().orElseThrow().toString());
        return id[0];
    }

    private int resolve(String... arguments) {
        return resolve(terminal, arguments);
    }

    private static int resolve(Terminal terminal, String... arguments) {
        String[] all = new String[arguments.length + REASON.length + 2];
        all[0] = "resolve";
        all[1] = "--json";
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        System.arraycopy(REASON, 0, all, 2 + arguments.length, REASON.length);
        return terminal.run(all);
    }

    private void assertRefused(String name, String... arguments) {
        assertThat(resolve(arguments)).isEqualTo(Tool.DATA);
        assertThat(terminal.err()).contains(name).doesNotContain("xxx");
    }

    private void assertState(String id, String state) {
        terminal.run("executions", "show", "--json", id);
        assertThat(terminal.member("state")).isEqualTo(state);
    }
}
