package dev.openexec.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.openexec.Execution;
import dev.openexec.ExecutionFailedException;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.InDoubtException;
import dev.openexec.RefusedException;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.json.MalformedJsonException;
import dev.openexec.testkit.RecordingAction;
import dev.openexec.testkit.SettableClock;
import dev.openexec.testkit.TestApprovals;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database that the Python reference made, imported: everything that it was asked is asked again. */
class ReferenceAnswersTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final TestApprovals APPROVER = TestApprovals.forTenant("acme");

    /** What stands in the way of a second answer, by the nonce, in the order in which they were asked. */
    private static final List<String> NOT_REPLAYED = List.of(
            "rounded: number-inexact",
            "underflow: number-inexact",
            "overflow: number-overflow",
            "not numbers: non-finite-number",
            "129 digits: number-too-long",
            "lone surrogate: lone-surrogate",
            "lone surrogate in a name: lone-surrogate",
            "duplicate member: duplicate-member",
            "long name: name-too-long",
            "64 levels: too-deep",
            "65 levels: too-deep",
            "sum too large: outcome-indeterminate",
            "list: outcome-indeterminate",
            "null: outcome-indeterminate",
            "not a number: outcome-indeterminate",
            "no name: invalid-request",
            "257 letters: invalid-request",
            ": invalid-request",
            "dup\0: invalid-request",
            "dup\0x: invalid-request",
            "line\nfeed: invalid-request",
            "\u0085: invalid-request",
            "x".repeat(256) + ": invalid-request",
            "\u00e9".repeat(128) + ": invalid-request",
            "lone \ud800: lone-surrogate",
            "plain: nonce-reused", // under another payload,
            "plain: nonce-reused", // and of another action: the reference gave the first answer to both
            "unknown: unknown-action");

    private @TempDir Path folder;
    private final SettableClock clock = new SettableClock(NOW);
    private final List<RecordingAction> actions = List.of(
            action("echo"), action("add"), action("nothing"), action("list"), action("null"), action("not a number"));
    private Path file;

    private static RecordingAction action(String name) {
        return RecordingAction.counting(name, Kind.AT_MOST_ONCE);
    }

    @BeforeEach
    void make() throws Exception {
        file = folder.resolve("openexec.db");
        ReferenceDatabase.genuine(file);
    }

    @Test
    void in_demo_mode_the_same_request_gets_the_id_the_result_and_the_receipt_that_the_reference_gave() {
        List<String> notReplayed = new ArrayList<>();
        int replayed = 0;
        try (Executor executor = open(ApprovalPolicy.unsignedDemo())) {
            for (JsonNode asked : ReferenceDatabase.answers().toList()) {
                Object verdict = ask(executor, asked, UnaryOperator.identity());
                if (verdict instanceof Execution execution) {
                    JsonNode answer = asked.get("answer");
                    assertThat(execution.replayed()).isTrue();
                    assertThat(execution.id()).hasToString(answer.get("id").asText());
                    assertThat(execution.action())
                            .isEqualTo(answer.get("action").asText());
                    assertThat(execution.receipt().hash())
                            .isEqualTo(answer.get("receipt").asText());
                    assertThat(execution.receipt().isValid()).isTrue();
                    replayed++;
                } else {
                    notReplayed.add(nonce(asked) + ": " + verdict);
                }
            }
        }
        assertThat(notReplayed).isEqualTo(NOT_REPLAYED);
        assertThat(replayed).isEqualTo(30);
        assertThat(actions).allMatch(action -> action.entered() == 0);
    }

    @Test
    void in_clawshield_mode_every_imported_nonce_is_refused_to_every_approved_request() {
        Map<Object, Integer> verdicts = new HashMap<>();
        try (Executor executor = open(APPROVER.policy())) {
            clock.advance(Duration.ofMinutes(2));
            for (JsonNode asked : ReferenceDatabase.answers().toList()) {
                verdicts.merge(ask(executor, asked, this::approved), 1, Integer::sum);
            }
        }
        assertThat(verdicts).containsEntry("nonce-reused", 36).doesNotContainKey("outcome-indeterminate");
        assertThat(verdicts.keySet()).hasOnlyElementsOfType(String.class);
        assertThat(actions).allMatch(action -> action.entered() == 0);
    }

    @Test
    void every_row_is_there_and_those_that_cannot_be_replayed_say_why() throws Exception {
        open(ApprovalPolicy.unsignedDemo()).close();

        assertThat(Sql.texts(file, "SELECT nonce || ': ' || code FROM oe_execution WHERE state = 'INDETERMINATE'"))
                .containsExactlyInAnyOrder(
                        "overflow: imported-payload",
                        "not numbers: imported-payload",
                        "129 digits: imported-payload",
                        "lone surrogate: imported-payload",
                        "lone surrogate in a name: imported-payload",
                        "long name: imported-payload",
                        "64 levels: imported-payload",
                        "65 levels: imported-payload",
                        "sum too large: imported-result",
                        "list: imported-result",
                        "null: imported-result",
                        "not a number: imported-result",
                        "no name: imported-action",
                        "257 letters: imported-action",
                        ": imported-nonce",
                        "dup\0: imported-nonce",
                        "dup\0x: imported-nonce",
                        "line\nfeed: imported-nonce",
                        "\u0085: imported-nonce",
                        "x".repeat(256) + ": imported-nonce",
                        "\u00e9".repeat(128) + ": imported-nonce");
        assertThat(Sql.number(file, "SELECT count(*) FROM oe_execution")).isEqualTo(54);
        assertThat(Sql.number(file, """
                        SELECT count(*) FROM oe_execution AS ours JOIN execution_log_imported AS theirs
                        ON ours.exec_id = theirs.id AND ours.nonce = theirs.nonce AND ours.action IN (theirs.action, '')
                          AND ours.result IS CASE state WHEN 'SUCCEEDED' THEN theirs.result END
                          AND strftime('%Y-%m-%d %H:%M:%f', ours.claimed_at / 1000.0, 'unixepoch')
                            = substr(theirs.timestamp, 1, 23)""")).isEqualTo(54);
    }

    private Executor open(ApprovalPolicy policy) {
        Executor.Builder builder = Executor.with(SqliteStore.at(file), policy).clock(clock);
        actions.forEach(builder::action);
        return builder.build();
    }

    /** An execution, or the name of what stands in its way. */
    private Object ask(Executor executor, JsonNode asked, UnaryOperator<ExecutionRequest> approval) {
        try {
            Json body = Json.parse(asked.get("request").asText());
            String action = body.get("action").orElseThrow().asString();
            Json payload = body.get("payload")
                    .filter(json -> json.type() != Json.Type.NULL)
                    .orElse(Json.emptyObject());
            String nonce = body.get("nonce").orElseThrow().asString();
            return executor.execute(approval.apply(ExecutionRequest.of(action, payload, nonce)));
        } catch (MalformedJsonException e) {
            return e.rule();
        } catch (RefusedException e) {
            return e.reason().problem();
        } catch (InDoubtException e) {
            return e.doubt().problem();
        } catch (ExecutionFailedException e) {
            return e.code();
        }
    }

    private ExecutionRequest approved(ExecutionRequest request) {
        return request.withApproval(APPROVER.approve(request, clock.instant()));
    }

    /** Its last member, as whoever sent it meant it. */
    private static String nonce(JsonNode asked) {
        String request = asked.get("request").asText();
        String literal = request.substring(request.lastIndexOf("\"nonce\": ") + 9, request.length() - 1);
        return ReferenceDatabase.text(literal);
    }
}
