package dev.openexec.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.Executor.Readiness;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The endpoints that execute nothing. */
class PlainEndpointsTest {

    @Test
    void the_service_says_what_it_is() throws IOException {
        try (TestServer server = TestServer.start(ApprovalPolicy.unsignedDemo())) {
            RawResponse response = server.get("/");

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.json().names()).containsExactlyInAnyOrder("service", "status", "version");
            assertThat(response.text("service")).isEqualTo("OpenExec");
            assertThat(response.text("status")).isEqualTo("running");
            assertThat(response.text("version")).matches("[0-9]+\\.[0-9]+\\.[0-9]+(-SNAPSHOT)?");
        }
    }

    @Test
    void a_ledger_in_memory_is_ready_and_not_durable() throws IOException {
        try (TestServer server = TestServer.start(ApprovalPolicy.unsignedDemo())) {
            assertThat(server.get("/ready").body()).isEqualTo("{\"durable\":false,\"ready\":true}");
        }
    }

    @Test
    void readiness_is_200_or_503_with_reasons() {
        assertThat(Ready.reply(new Readiness(true, List.of()))).isEqualTo(Answer.ok(Map.of("ready", true)));
        Reply unready = Ready.reply(new Readiness(true, List.of("store-full")));
        assertThat(unready.status()).isEqualTo(503);
        assertThat(unready.body(""))
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo("{\"ready\":false,\"reasons\":[\"store-full\"]}");
    }

    @Test
    void the_version_comes_with_the_time_in_utc() throws IOException {
        try (TestServer server = TestServer.start(ApprovalPolicy.unsignedDemo())) {
            RawResponse response = server.get("/version");

            assertThat(response.text("version")).isEqualTo(server.get("/").text("version"));
            assertThat(response.text("timestamp")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}");
        }
    }

    @Test
    void a_receipt_is_valid_for_its_own_id_and_result_alone() throws IOException {
        try (TestServer server = TestServer.start(ApprovalPolicy.unsignedDemo())) {
            RawResponse execution = server.post(
                    "/execute", "{\"action\":\"echo\",\"payload\":{\"z\":\"\u00e9\",\"a\":[1,2.50]},\"nonce\":\"n\"}");
            String id = execution.text("id");
            String receipt = execution.text("receipt");
            String result = execution.json().get("result").orElseThrow().spaced();

            assertThat(result).isEqualTo("{\"echo\": {\"a\": [1, 2.5], \"z\": \"\\u00e9\"}}");
            assertThat(verify(server, id, result, receipt)).isEqualTo("{\"valid\":true}");
            assertThat(verify(server, id, result + " ", receipt)).isEqualTo("{\"valid\":false}");
            assertThat(verify(server, id.toUpperCase(Locale.ROOT), result, receipt))
                    .isEqualTo("{\"valid\":false}");
            assertThat(verify(server, id, result, receipt.toUpperCase(Locale.ROOT)))
                    .isEqualTo("{\"valid\":false}");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|The body must be an object",
                "{}|exec_id is missing",
                "{\"exec_id\":\"\",\"result\":{},\"receipt\":\"\"}|result must be a string",
                "{\"exec_id\":\"\",\"result\":\"\",\"receipt\":null}|receipt must be a string",
                "{\"id\":\"\"}|The body may have these members only: exec_id, result, receipt; or: receipt, proof,"
                        + " documents",
            })
    void a_receipt_of_another_shape_is_422(String body, String detail) throws IOException {
        try (TestServer server = TestServer.start(ApprovalPolicy.unsignedDemo())) {
            RawResponse response = server.post("/receipts/verify", body);

            assertThat(response.status()).isEqualTo(422);
            assertThat(response.problem()).isEqualTo("invalid-request");
            assertThat(response.text("detail")).isEqualTo(detail);
        }
    }

    @Test
    void every_path_says_which_method_it_takes() throws IOException {
        try (TestServer server = TestServer.start(ApprovalPolicy.unsignedDemo())) {
            assertThat(server.get("/execute").headers()).containsEntry("allow", "POST");
            assertThat(server.get("/receipts/verify").headers()).containsEntry("allow", "POST");
            assertThat(server.post("/health", "{}").headers()).containsEntry("allow", "GET");
        }
    }

    private static String verify(TestServer server, String id, String result, String receipt) throws IOException {
        Json request = Json.of(Map.of("exec_id", id, "result", result, "receipt", receipt));
        return server.post("/receipts/verify", request.canonical()).body();
    }
}
