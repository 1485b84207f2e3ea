package dev.openexec.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.Execution;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.InDoubtException;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.store.jdbc.SqliteStore;
import dev.openexec.testkit.RecordingAction;
import dev.openexec.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code openexec executions}, while an executor has the ledger open. */
class ExecutionsCommandTest {

    private static final Json SECRET = Json.of(Map.of("card", "s3cr3t"));

    private final SettableClock clock = new SettableClock(Instant.parse("2026-11-22T12:00:00Z"));
    private @TempDir Path folder;
    private Executor executor;
    private Terminal terminal;

    @BeforeEach
    void open() {
        Path file = folder.resolve("ledger.db");
        executor = Executor.with(SqliteStore.at(file), ApprovalPolicy.unsignedDemo())
                .action(RecordingAction.of("pay", Kind.AT_MOST_ONCE, (input, context) -> SECRET))
                .action(RecordingAction.of("lose", Kind.AT_MOST_ONCE, (input, context) -> {
                    throw new IllegalStateException("who knows");
                }))
                .clock(clock)
                .build();
        terminal = new Terminal(file, clock);
    }

    @AfterEach
    void close() {
        executor.close();
    }

    @Test
    void executions_are_listed_in_order_and_by_page() throws Exception {
        Execution first = pay("n-1");
        Execution second = pay("n-2");
        Execution third = pay("n-3");

        assertThat(terminal.run("executions", "list", "--json")).isZero();
        assertThat(ids()).containsExactly(id(first), id(second), id(third));
        assertThat(terminal.run("executions", "list", "--json", "--limit=2")).isZero();
        assertThat(ids()).containsExactly(id(first), id(second));
        assertThat(terminal.run("executions", "list", "--json", "--after", id(second)))
                .isZero();
        assertThat(ids()).containsExactly(id(third));
    }

    @Test
    void executions_are_listed_by_state_and_by_action() throws Exception {
        pay("n-1");
        lose("n-2");

        terminal.run("executions", "list", "--state", "indeterminate,running");
        assertThat(terminal.out())
                .contains("INDETERMINATE", "lose", "n-2", "action-error")
                .doesNotContain("pay");
        terminal.run("executions", "list", "--action", "pay");
        assertThat(terminal.out()).contains("SUCCEEDED").doesNotContain("lose");
    }

    @Test
    void payload_and_result_are_shown_only_where_that_is_asked_for() throws Exception {
        String id = id(pay("n-1"));

        assertThat(terminal.run("executions", "show", id)).isZero();
        assertThat(terminal.out()).contains("SUCCEEDED", "n-1").doesNotContain("s3cr3t");
        terminal.run("executions", "show", "--json", id);
        assertThat(terminal.out()).doesNotContain("s3cr3t");
        terminal.run("executions", "list", "--json");
        assertThat(terminal.out()).doesNotContain("s3cr3t");

        terminal.run("executions", "show", "--json", "--content", id);
        assertThat(terminal.documents().get(0).get("result")).contains(SECRET);
        assertThat(terminal.documents().get(0).get("payload")).contains(SECRET);
    }

    @Test
    void the_receipt_that_is_shown_is_the_one_that_was_given() throws Exception {
        Execution execution = pay("n-1");
        terminal.run("executions", "show", "--json", id(execution));
        assertThat(terminal.member("receipt")).isEqualTo(execution.receipt().hash());
    }

    @Test
    void text_of_callers_is_printed_as_printable_ascii_and_cut() throws Exception {
        String nonce = "\u202e\\ \u00e9" + "x".repeat(230);
        String id = id(pay(nonce));

        terminal.run("executions", "show", id);
        assertThat(terminal.out())
                .contains("\\u202e\\u005c \\u00e9xxx", "... (234 characters)")
                .matches("[\\x20-\\x7e\\r\\n]*");
        terminal.run("executions", "list");
        assertThat(terminal.out()).contains("\\u202e").matches("[\\x20-\\x7e\\r\\n]*");
        terminal.run("executions", "show", "--json", id);
        assertThat(terminal.out()).matches("[\\x20-\\x7e\\r\\n]*");
        assertThat(terminal.member("nonce")).isEqualTo(nonce);
    }

    @Test
    void looking_changes_nothing() throws Exception {
        pay("n-1");
        terminal.run("ledger", "status", "--json");
        String before = terminal.documents().get(0).get("commits").orElseThrow().canonical();
        terminal.run("executions", "list");
        terminal.run("ledger", "status", "--json");
        assertThat(terminal.documents().get(0).get("commits").orElseThrow().canonical())
                .isEqualTo(before);
    }

    @Test
    void an_unknown_execution_is_65() {
        assertThat(terminal.run("executions", "show", UUID.randomUUID().toString()))
                .isEqualTo(Tool.DATA);
        assertThat(terminal.err()).contains("execution-unknown");
    }

    private Execution pay(String nonce) throws Exception {
        clock.advance(Duration.ofMillis(1)); // ids are in the order of their milliseconds
        return executor.execute(ExecutionRequest.of("pay", SECRET, nonce));
    }

    private void lose(String nonce) {
        assertThatThrownBy(() -> executor.execute(ExecutionRequest.of("lose", SECRET, nonce)))
                .isInstanceOf(InDoubtException.class);
    }

    private static String id(Execution execution) {
        return execution.id().toString();
    }

    private List<String> ids() {
        return terminal.documents().stream()
                .map(row -> row.get("execution_id").orElseThrow().asString())
                .toList();
    }
}
