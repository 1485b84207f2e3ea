package dev.openexec.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.action.ActionFailedException;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Digest;
import dev.openexec.json.Json;
import dev.openexec.testkit.CapturedLog;
import dev.openexec.testkit.RecordingAction;
import dev.openexec.testkit.TestApprovals;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** {@code POST /execute}, from a good request to every ending it can have. */
class ExecuteTest {

    private static final Json PAYLOAD = Json.of(Map.of("to", "s3cr3t"));

    private final TestApprovals approver = TestApprovals.forTenant("tenant-1");

    @Test
    void an_execution_is_answered_as_the_reference_answers_it() throws IOException {
        try (TestServer server = TestServer.start(ApprovalPolicy.unsignedDemo())) {
            RawResponse response =
                    server.post("/execute", "{\"action\":\"add\",\"payload\":{\"a\":2,\"b\":0.5},\"nonce\":\"n\"}");

            String id = response.text("id");
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.headers())
                    .containsEntry("content-type", "application/json")
                    .doesNotContainKey("server");
            assertThat(response.json().names())
                    .containsExactlyInAnyOrder("id", "action", "result", "approved", "receipt", "status", "replayed");
            assertThat(UUID.fromString(id)).hasToString(id);
            assertThat(response.text("action")).isEqualTo("add");
            assertThat(response.text("status")).isEqualTo("succeeded");
            assertThat(response.json().get("result").orElseThrow().canonical()).isEqualTo("{\"sum\":2.5}");
            assertThat(response.json().get("approved").orElseThrow().asBoolean())
                    .isTrue();
            assertThat(response.json().get("replayed").orElseThrow().asBoolean())
                    .isFalse();
            assertThat(response.text("receipt"))
                    .isEqualTo(Digest.ofUtf8(id + ":{\"sum\": 2.5}").hex());
        }
    }

    @Test
    void a_payload_may_be_absent_or_null() throws IOException {
        try (TestServer server = TestServer.start(ApprovalPolicy.unsignedDemo())) {
            RawResponse absent = server.post("/execute", "{\"action\":\"echo\",\"nonce\":\"n\"}");
            RawResponse isNull = server.post(
                    "/execute", "{\"action\":\"echo\",\"nonce\":\"n\",\"payload\":null,\"approval_artifact\":null}");

            assertThat(absent.json().get("result").orElseThrow().canonical()).isEqualTo("{\"echo\":{}}");
            assertThat(isNull.headers()).containsEntry("openexec-replayed", "true");
        }
    }

    @Test
    void a_result_as_deep_as_json_goes_is_answered() throws IOException {
        try (TestServer server = TestServer.start(ApprovalPolicy.unsignedDemo())) {
            String deep = "{\"a\":" + "[".repeat(62) + "]".repeat(62) + "}";
            RawResponse response =
                    server.post("/execute", "{\"action\":\"echo\",\"nonce\":\"n\",\"payload\":" + deep + "}");

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).contains("\"result\":{\"echo\":" + deep + "}");
        }
    }

    @Test
    void demo_mode_ignores_an_artifact() throws IOException {
        try (TestServer server = TestServer.start(ApprovalPolicy.unsignedDemo())) {
            String request = "{\"action\":\"echo\",\"nonce\":\"n\",\"approval_artifact\":{\"any\":\"thing\"}}";

            assertThat(server.post("/execute", request).status()).isEqualTo(200);
        }
    }

    @Test
    void twenty_requests_with_one_nonce_have_one_effect_and_one_answer_in_demo_mode() throws Exception {
        twentyRequests(ApprovalPolicy.unsignedDemo(), () -> request("effect", "n", "null"));
    }

    @Test
    void twenty_requests_with_one_nonce_have_one_effect_and_one_answer_in_clawshield_mode() throws Exception {
        twentyRequests(approver.policy(), () -> approved("effect", "n"));
    }

    private void twentyRequests(ApprovalPolicy policy, Supplier<String> requests) throws Exception {
        RecordingAction effect = RecordingAction.counting("effect", Kind.AT_MOST_ONCE);
        try (TestServer server = TestServer.start(policy, effect)) {
            String request = requests.get(); // approved by now: a ledger takes no approval that is older than itself
            List<RawConnection> connections = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                connections.add(server.connect());
            }
            CountDownLatch start = new CountDownLatch(1);
            List<Thread> threads = new ArrayList<>();
            for (RawConnection connection : connections) {
                Thread thread = new Thread(() -> {
                    try {
                        start.await();
                        connection.send(RawConnection.post("/execute", request));
                    } catch (IOException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
                thread.start();
                threads.add(thread);
            }
            start.countDown();
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                threads.get(i).join();
                RawResponse response = connections.get(i).read();
                assertThat(response.status()).isEqualTo(200);
                answers.add(response.body());
                connections.get(i).close();
            }

            assertThat(effect.entered()).isEqualTo(1);
            assertThat(answers)
                    .filteredOn(answer -> answer.contains("\"replayed\":false"))
                    .hasSize(1);
            assertThat(answers.stream().map(answer -> answer.replace("\"replayed\":false", "\"replayed\":true")))
                    .containsOnly(answers.stream()
                            .filter(answer -> answer.contains("\"replayed\":true"))
                            .findFirst()
                            .orElseThrow());
        }
    }

    @Test
    void a_replay_differs_in_nothing_but_saying_so() throws IOException {
        RecordingAction effect = RecordingAction.counting("effect", Kind.AT_MOST_ONCE);
        try (TestServer server = TestServer.start(approver.policy(), effect)) {
            String request = approved("effect", "n");
            RawResponse first = server.post("/execute", request);
            RawResponse second = server.post("/execute", request);

            assertThat(first.headers()).doesNotContainKey("openexec-replayed");
            assertThat(second.headers()).containsEntry("openexec-replayed", "true");
            assertThat(second.body()).isEqualTo(first.body().replace("\"replayed\":false", "\"replayed\":true"));
            assertThat(effect.entered()).isEqualTo(1);
        }
    }

    @Test
    void a_nonce_belongs_to_its_request_and_an_approval_to_its_nonce() throws IOException {
        RecordingAction effect = RecordingAction.counting("effect", Kind.AT_MOST_ONCE);
        try (TestServer server = TestServer.start(approver.policy(), effect)) {
            String artifact = approver.approve("effect", PAYLOAD, Instant.now());
            server.post("/execute", request("effect", "n", artifact));
            int before = server.store().changes();

            RawResponse otherNonce = server.post("/execute", request("effect", "m", artifact));
            RawResponse otherApproval = server.post("/execute", approved("effect", "n"));
            RawResponse otherAction = server.post("/execute", approved("echo", "n"));

            assertRefused(otherNonce, 409, "approval-already-used", "Approval artifact was used under another nonce");
            assertRefused(otherApproval, 422, "nonce-reused", "This nonce was used for another request or approval");
            assertRefused(otherAction, 422, "nonce-reused", "This nonce was used for another request or approval");
            assertThat(server.store().changes()).isEqualTo(before);
            assertThat(effect.entered()).isEqualTo(1);
        }
    }

    @Test
    void a_definite_failure_is_424_the_first_time_and_ever_after() throws IOException {
        RecordingAction failing = RecordingAction.of("failing", Kind.AT_MOST_ONCE, (input, context) -> {
            throw new ActionFailedException("account-closed");
        });
        try (TestServer server = TestServer.start(ApprovalPolicy.unsignedDemo(), failing)) {
            RawResponse first = server.post("/execute", request("failing", "n", "null"));
            RawResponse second = server.post("/execute", request("failing", "n", "null"));

            assertRefused(first, 424, "action-failed", "The action did not happen: account-closed");
            assertRefused(second, 424, "action-failed", "The action did not happen: account-closed");
            assertThat(first.headers()).doesNotContainKey("openexec-replayed");
            assertThat(second.headers()).containsEntry("openexec-replayed", "true");
            assertThat(second.text("exec_id")).isEqualTo(first.text("exec_id"));
            assertThat(failing.entered()).isEqualTo(1);
        }
    }

    @Test
    void an_unknown_outcome_is_500_the_first_time_and_ever_after() throws IOException {
        RecordingAction broken = RecordingAction.of("broken", Kind.AT_MOST_ONCE, (input, context) -> {
            throw new IllegalStateException("s3cr3t");
        });
        try (TestServer server = TestServer.start(ApprovalPolicy.unsignedDemo(), broken)) {
            String detail = "The action ran or may have run, and how it ended is not known; it will not run again";
            RawResponse first = server.post("/execute", request("broken", "n", "null"));
            RawResponse second = server.post("/execute", request("broken", "n", "null"));

            assertRefused(first, 500, "outcome-indeterminate", detail);
            assertRefused(second, 500, "outcome-indeterminate", detail);
            assertThat(second.text("exec_id")).isEqualTo(first.text("exec_id"));
            assertThat(broken.entered()).isEqualTo(1);
        }
    }

    @Test
    void what_an_action_throws_is_logged_without_its_words() throws IOException {
        RecordingAction broken = RecordingAction.of("broken", Kind.AT_MOST_ONCE, (input, context) -> {
            throw new IllegalStateException(input.canonical(), new IOException(input.canonical()));
        });
        try (TestServer server = TestServer.start(ApprovalPolicy.unsignedDemo(), broken);
                CapturedLog log = CapturedLog.open()) {
            RawResponse response = server.post("/execute", request("broken", "n", "null"));

            assertThat(String.join("\n", log.events()))
                    .contains(response.text("exec_id"), "IllegalStateException", "IOException")
                    .doesNotContain("s3cr3t");
        }
    }

    @Test
    void a_duplicate_of_what_takes_long_is_told_to_come_back() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        RecordingAction slow = RecordingAction.of("slow", Kind.AT_MOST_ONCE, (input, context) -> {
            entered.countDown();
            end.await();
            return Json.emptyObject();
        });
        TestServer.Builder impatient =
                TestServer.with(ApprovalPolicy.unsignedDemo()).actions(slow).waitBudget(Duration.ZERO);
        try (TestServer server = impatient.start();
                RawConnection first = server.connect()) {
            first.send(RawConnection.post("/execute", request("slow", "n", "null")));
            entered.await();
            RawResponse duplicate = server.post("/execute", request("slow", "n", "null"));
            end.countDown();

            assertRefused(duplicate, 409, "execution-in-progress", "Still running; ask again with the same nonce");
            assertThat(duplicate.headers()).containsEntry("retry-after", "1");
            assertThat(first.read().status()).isEqualTo(200);
            assertThat(slow.entered()).isEqualTo(1);
        }
    }

    private String approved(String action, String nonce) {
        return request(action, nonce, approver.approve(action, PAYLOAD, Instant.now()));
    }

    private static String request(String action, String nonce, String artifact) {
        return "{\"action\":\"" + action + "\",\"payload\":" + PAYLOAD.canonical() + ",\"nonce\":\"" + nonce
                + "\",\"approval_artifact\":" + artifact + "}";
    }

    private static void assertRefused(RawResponse response, int status, String problem, String detail) {
        assertThat(response.problem()).isEqualTo(problem);
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.text("detail")).isEqualTo(detail);
        assertThat(response.body()).doesNotContain("s3cr3t");
    }
}
