package dev.openexec.examples.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.action.ActionFailedException;
import dev.openexec.action.Kind;
import dev.openexec.examples.AppendLine;
import dev.openexec.examples.agent.Approver.TooLargeException;
import dev.openexec.examples.agent.ToolResult.Status;
import dev.openexec.json.Json;
import dev.openexec.store.jdbc.SqliteStore;
import dev.openexec.testkit.RecordingAction;
import dev.openexec.testkit.TestApprovals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ToolCallsTest {

    private static final ToolCall BOOK = new ToolCall("call_1", "append-line", "{\"line\": \"invoice 17\"}");

    private final TestApprovals key = TestApprovals.forTenant("acme");
    private final Person person = new Person();
    private final CountDownLatch slowMayEnd = new CountDownLatch(1);
    private final RecordingAction slow = RecordingAction.waitingFor(slowMayEnd, "slow", Kind.AT_MOST_ONCE);
    private final RecordingAction poor = RecordingAction.of("poor", Kind.AT_MOST_ONCE, (input, context) -> {
        throw new ActionFailedException("no-funds");
    });

    @TempDir
    Path folder;

    private Path book;
    private Executor executor;

    /** Approves everything once it is willing, and remembers what it saw and signed. */
    private final class Person implements Approver {

        private final Map<String, String> approvals = new HashMap<>();
        private final List<ExecutionRequest> asked = new ArrayList<>();
        private boolean willing = true;

        @Override
        public Optional<String> approvalOf(ExecutionRequest request) {
            asked.add(request);
            return willing
                    ? Optional.of(approvals.computeIfAbsent(
                            request.nonce() + request.hash(), unsigned -> key.approve(request, Instant.now())))
                    : Optional.empty();
        }
    }

    @BeforeEach
    void open() {
        book = folder.resolve("book");
        executor = Executor.with(SqliteStore.at(folder.resolve("openexec.db")), key.policy())
                .action(new AppendLine(book))
                .action(slow)
                .action(poor)
                .waitBudget(Duration.ZERO)
                .build();
    }

    @AfterEach
    void close() {
        slowMayEnd.countDown();
        executor.close();
    }

    private ToolCalls conversation(String name) {
        return new ToolCalls(executor, person, name);
    }

    private ToolResult answer(ToolCall call) {
        return conversation("c").answer(call);
    }

    private static ToolCall book(String id, String line) {
        return new ToolCall(id, "append-line", Json.of(Map.of("line", line)).canonical());
    }

    @Test
    void without_an_approval_nothing_runs_and_the_model_is_told_to_wait() {
        person.willing = false;

        ToolResult result = answer(BOOK);

        assertThat(result.status()).isEqualTo(Status.WAITING);
        assertThat(result.text())
                .isEqualTo("waiting: approval-missing. It runs once somebody has approved it. Do not call it again, and"
                        + " tell the user.");
        assertThat(book).doesNotExist();
    }

    @Test
    void the_person_sees_exactly_what_is_signed() {
        answer(BOOK);

        assertThat(person.asked).singleElement().satisfies(request -> {
            assertThat(request.canonical())
                    .isEqualTo("{\"action\":\"append-line\",\"payload\":{\"line\":\"invoice 17\"}}");
            assertThat(person.approvals.get(request.nonce() + request.hash()))
                    .contains("\"action_hash\":\"" + request.hash().hex() + "\"");
        });
    }

    @Test
    void the_same_call_again_runs_once_it_is_approved() {
        person.willing = false;
        answer(BOOK);
        person.willing = true;

        assertThat(answer(BOOK))
                .isEqualTo(new ToolResult("call_1", Status.DONE, "done: {\"appended\":\"invoice 17\"}"));
        assertThat(book).hasContent("invoice 17\n");
    }

    @Test
    void a_repeated_call_gets_the_same_result_and_runs_nothing() {
        ToolResult first = answer(BOOK);

        assertThat(answer(BOOK)).isEqualTo(first);
        assertThat(answer(new ToolCall("call_1", "append-line", "{ \"line\" : \"invoice\\u002017\" }")))
                .isEqualTo(first); // another spelling of the same arguments
        assertThat(book).hasContent("invoice 17\n");
    }

    @Test
    void a_program_that_was_restarted_proposes_its_turn_again_and_gets_the_same_results() {
        List<ToolCall> turn = List.of(BOOK, book("call_2", "invoice 18"));
        List<ToolResult> results = conversation("c").answer(turn);
        executor.close();
        open();

        assertThat(conversation("c").answer(turn)).isEqualTo(results);
        assertThat(book).hasContent("invoice 17\ninvoice 18\n");
    }

    @Test
    void calls_of_one_turn_run_in_their_order_each_with_an_approval_of_its_own() {
        assertThat(conversation("c").answer(List.of(book("call_1", "a"), book("call_2", "b"), book("call_3", "b"))))
                .extracting(ToolResult::callId, ToolResult::status)
                .containsExactly(
                        tuple("call_1", Status.DONE), tuple("call_2", Status.DONE), tuple("call_3", Status.DONE));
        assertThat(book).hasContent("a\nb\nb\n"); // the last two are two calls, which a person approved twice
        assertThat(person.approvals).hasSize(3);
    }

    @Test
    void an_id_that_comes_with_other_arguments_is_refused() {
        answer(BOOK);

        assertThat(answer(book("call_1", "invoice 18")).text())
                .isEqualTo(
                        "not run: nonce-reused. Something ran, or may have, under this id before. Do not call it again, and tell"
                                + " the user.");
        assertThat(book).hasContent("invoice 17\n");
    }

    @Test
    void an_id_of_another_conversation_is_another_call() {
        conversation("a").answer(BOOK);
        conversation("b").answer(BOOK);
        conversation("a/call").answer(new ToolCall("_1", "append-line", BOOK.arguments()));
        conversation("a").answer(new ToolCall("/call_1", "append-line", BOOK.arguments()));

        assertThat(book).hasContent("invoice 17\n".repeat(4));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "null",
                "[]",
                "{\"line\": tru",
                "{'line': 'a'}",
                "{\"line\": \"a\", \"line\": \"b\"}",
                "{\"line\": \"\\ud800\"}",
                "{\"line\": 17}",
                "{\"line\": NaN}",
                "{\"line\": \"two\\nlines\"}",
                "{}",
                "{\"line\": \"a\", \"sudo\": true}",
                "{\"line\": \"a\"} and then call transfer"
            })
    void arguments_that_the_tool_does_not_take_are_refused_and_nobody_is_asked(String arguments) {
        ToolResult result = answer(new ToolCall("call_1", "append-line", arguments));

        assertThat(result.status()).isEqualTo(Status.REFUSED);
        assertThat(result.text())
                .endsWith(" It was not run. The same call would be refused again: correct it, or tell the user.");
        assertThat(person.asked).isEmpty();
        assertThat(book).doesNotExist();
        assertThat(answer(BOOK).status()).isEqualTo(Status.DONE); // the id is not spent
    }

    @Test
    void arguments_nested_without_end_are_refused() {
        assertThat(answer(new ToolCall("a", "append-line", "[".repeat(1_000_000)))
                        .text())
                .startsWith("refused: malformed-arguments: too-deep. ");
        String deep = "{\"line\":".repeat(64) + "0" + "}".repeat(64);
        assertThat(answer(new ToolCall("b", "append-line", deep)).status()).isEqualTo(Status.REFUSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rm -rf", "", "append-line ", "\ud800", "append-line\u0000"})
    void a_tool_that_is_not_there_is_refused_and_nobody_is_asked(String name) {
        assertThat(answer(new ToolCall("call_1", name, "{}")).status()).isEqualTo(Status.REFUSED);
        assertThat(person.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\nb", "\u0000", "\ud83d\ude00"})
    void every_id_makes_a_nonce(String id) {
        assertThat(answer(new ToolCall(id, "append-line", BOOK.arguments())).status())
                .isEqualTo(Status.DONE);
        assertThat(answer(new ToolCall(id.repeat(1000) + "x", "append-line", BOOK.arguments()))
                        .status())
                .isEqualTo(Status.DONE);
    }

    @Test
    void a_definite_failure_asks_for_a_new_call() {
        ToolResult result = answer(new ToolCall("call_1", "poor", "{}"));

        assertThat(result)
                .isEqualTo(
                        new ToolResult(
                                "call_1",
                                Status.FAILED,
                                "failed: no-funds. It did not happen. To try again make a new call, which needs a new approval."));
        assertThat(answer(new ToolCall("call_1", "poor", "{}"))).isEqualTo(result);
        assertThat(poor.entered()).isEqualTo(1);
    }

    @Test
    void an_unknown_outcome_is_for_a_person_to_find_out() throws Exception {
        Files.createDirectory(book); // no line can be appended to a folder

        ToolResult result = answer(BOOK);

        assertThat(result)
                .isEqualTo(new ToolResult(
                        "call_1",
                        Status.UNKNOWN,
                        "not known: outcome-indeterminate. It may have happened. Do not call it again. Tell the user that"
                                + " a person has to find out."));
        Files.delete(book);
        assertThat(answer(BOOK)).isEqualTo(result); // it never runs again
        assertThat(book).doesNotExist();
    }

    @Test
    void a_call_that_still_runs_is_asked_about_again() throws Exception {
        ToolCall call = new ToolCall("call_1", "slow", "{}");
        CompletableFuture<ToolResult> first = CompletableFuture.supplyAsync(() -> answer(call));
        slow.awaitEntry();

        ToolResult second = answer(call);

        assertThat(second.text())
                .isEqualTo(
                        "not known yet: execution-in-progress. It may be happening. Do not make a new call for it: you"
                                + " will hear how it ended.");
        assertThat(second.status().sameCallAgain()).isTrue();
        slowMayEnd.countDown();
        assertThat(first.join().status()).isEqualTo(Status.DONE);
        assertThat(answer(call)).isEqualTo(first.join());
        assertThat(slow.entered()).isEqualTo(1);
    }

    @Test
    void a_ledger_that_cannot_be_used_runs_nothing_and_the_same_call_may_come_again() throws Exception {
        Path ledger = folder.resolve("openexec.db");
        Files.move(ledger, folder.resolve("elsewhere"));

        ToolResult result = answer(BOOK);

        assertThat(result.text())
                .isEqualTo(
                        "not now: store-unavailable. It was not started. Do not make a new call for it: it will be tried"
                                + " again.");
        assertThat(result.status().sameCallAgain()).isTrue();
        assertThat(book).doesNotExist();
        Files.move(folder.resolve("elsewhere"), ledger);
        assertThat(answer(BOOK).status()).isEqualTo(Status.DONE);
        assertThat(book).hasContent("invoice 17\n");
    }

    @Test
    void an_executor_that_is_closing_is_asked_again_later() {
        executor.close();

        assertThat(answer(BOOK).status()).isEqualTo(Status.UNAVAILABLE);
    }

    @Test
    void what_is_too_large_to_be_approved_is_refused() {
        ToolCalls calls = new ToolCalls(
                executor,
                request -> {
                    throw new TooLargeException();
                },
                "c");

        assertThat(calls.answer(BOOK).text())
                .isEqualTo(
                        "refused: too-large-to-approve. It was not run. The same call would be refused again: correct it,"
                                + " or tell the user.");
    }

    @Test
    void an_approval_of_something_else_does_not_help() {
        String other = key.approve("append-line", Json.of(Map.of("line", "invoice 18")), Instant.now());
        ToolCalls misled = new ToolCalls(executor, request -> Optional.of(other), "c");

        assertThat(misled.answer(BOOK).text()).startsWith("refused: approval-hash-mismatch: action-hash-mismatch. ");
        assertThat(book).doesNotExist();
    }
}
