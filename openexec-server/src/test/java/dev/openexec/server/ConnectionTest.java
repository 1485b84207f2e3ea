package dev.openexec.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.testkit.RecordingAction;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens on a connection before, between and after requests. */
class ConnectionTest {

    private static final String ADD = "{\"action\":\"add\",\"payload\":{\"a\":1},\"nonce\":\"n\"}";
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofMinutes(5);

    private final RecordingAction effect = RecordingAction.counting("effect", Kind.AT_MOST_ONCE);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: localhost",
                "Host: LOCALHOST:1",
                "Host: 127.0.0.1",
                "Host: 127.0.0.1:65535",
                "Host: [::1]",
                "Host: [::1]:5000",
                "Host: executor.example",
                "Host: Executor.Example:443",
                "Host: localhost\r\nOrigin: https://allowed.example",
                "Host: localhost\r\nOrigin: HTTPS://Allowed.Example",
            })
    void loopback_names_and_configured_hosts_and_origins_are_served(String fields) throws IOException {
        try (TestServer server = demo(Limits.of(TestServer.MAX_BODY))) {
            assertThat(server.send("GET /health HTTP/1.1\r\n" + fields + "\r\n\r\n")
                            .status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json;charset=utf-8", "Application/JSON ; charset=\"utf-8\""})
    void parameters_and_case_of_the_media_type_do_not_matter(String type) throws IOException {
        try (TestServer server = demo(Limits.of(TestServer.MAX_BODY))) {
            RawResponse response =
                    server.send(RawConnection.post("/execute", ADD).replace("application/json", type));

            assertThat(response.status()).isEqualTo(200);
        }
    }

    /** 127.0.0.2 is this machine too, where it is anything. */
    @Test
    void the_port_is_open_on_the_address_that_was_asked_for_alone() throws IOException {
        try (TestServer server = demo(Limits.of(TestServer.MAX_BODY))) {
            assertThatThrownBy(() -> new Socket("127.0.0.2", server.port()).close())
                    .isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void a_query_is_ignored() throws IOException {
        try (TestServer server = demo(Limits.of(TestServer.MAX_BODY))) {
            assertThat(server.get("/health?verbose=1").status()).isEqualTo(200);
        }
    }

    @Test
    void a_body_of_exactly_the_limit_is_read() throws IOException {
        try (TestServer server = demo(Limits.of(TestServer.MAX_BODY))) {
            String body = ADD + " ".repeat(TestServer.MAX_BODY - ADD.length());

            assertThat(server.post("/execute", body).status()).isEqualTo(200);
        }
    }

    @Test
    void requests_of_one_connection_are_answered_in_order() throws IOException {
        try (TestServer server = demo(Limits.of(TestServer.MAX_BODY));
                RawConnection connection = server.connect()) {
            connection.send(RawConnection.post("/execute", ADD)
                    + RawConnection.post("/execute", "{\"action\":\"none\",\"nonce\":\"m\"}")
                    + RawConnection.post("/execute", ADD));

            assertThat(connection.read().text("id")).isNotEmpty();
            assertThat(connection.read().problem()).isEqualTo("unknown-action");
            assertThat(connection.read().json().get("replayed").orElseThrow().asBoolean())
                    .isTrue();
        }
    }

    @Test
    void a_body_may_arrive_octet_by_octet() throws IOException {
        try (TestServer server = demo(Limits.of(TestServer.MAX_BODY));
                RawConnection connection = server.connect()) {
            for (char octet : RawConnection.post("/execute", ADD).toCharArray()) {
                connection.send(String.valueOf(octet));
            }

            assertThat(connection.read().status()).isEqualTo(200);
        }
    }

    @Test
    void an_offer_to_upgrade_is_ignored() throws IOException {
        try (TestServer server = demo(Limits.of(TestServer.MAX_BODY));
                RawConnection connection = server.connect()) {
            String offer =
                    "\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n";
            String request = RawConnection.post("/execute", ADD).replace("\r\n\r\n", offer);
            connection.send(request + request + RawConnection.post("/execute", ADD));

            for (int answer = 1; answer <= 3; answer++) {
                assertThat(connection.read().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void the_client_of_the_jdk_is_served_as_it_is() throws IOException, InterruptedException {
        try (TestServer server = demo(Limits.of(TestServer.MAX_BODY))) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/execute"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(ADD))
                    .build();

            HttpResponse<String> response =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        }
    }

    @Test
    void a_client_that_asks_whether_to_go_on_is_told_to() throws IOException {
        try (TestServer server = demo(Limits.of(TestServer.MAX_BODY));
                RawConnection connection = server.connect()) {
            String request =
                    RawConnection.post("/execute", ADD).replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n");
            connection.send(request.substring(0, request.indexOf('{')));
            assertThat(connection.read().status()).isEqualTo(100);
            connection.send(ADD);

            assertThat(connection.read().status()).isEqualTo(200);
        }
    }

    @Test
    void a_client_that_asks_whether_to_go_on_is_told_of_a_refusal() throws IOException {
        try (TestServer server = demo(Limits.of(TestServer.MAX_BODY));
                RawConnection connection = server.connect()) {
            String fields = "Host: localhost\r\nContent-Length: 99999\r\nExpect: 100-continue\r\n";
            connection.send("POST /execute HTTP/1.1\r\n" + fields + "\r\n");

            assertThat(connection.read().problem()).isEqualTo("content-too-large");
            assertThat(connection.isClosedByServer()).isTrue();
        }
    }

    /** Each is refused for these fields alone: without them the five octets behind its head would be read as its body. */
    @ParameterizedTest
    @MethodSource("refused")
    void nothing_behind_a_refused_request_is_taken_for_a_request(String fields, String problem) throws IOException {
        try (TestServer server = demo(Limits.of(TestServer.MAX_BODY));
                RawConnection connection = server.connect()) {
            connection.send("POST /execute HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n\r\n{\"a\":"
                    + RawConnection.post("/execute", "{\"action\":\"effect\",\"nonce\":\"n\"}"));

            RawResponse refusal = connection.read();
            assertThat(refusal.status()).isBetween(400, 499);
            assertThat(refusal.problem()).isEqualTo(problem);
            assertThat(connection.isClosedByServer()).isTrue();
            assertThat(effect.entered()).isZero();
            assertThat(server.store().changes()).isZero();
        }
    }

    static Stream<Arguments> refused() {
        String json = "Content-Type: application/json\r\n";
        String chunked = json + "Transfer-Encoding: chunked";
        String five = json + "Content-Length: 5";
        return Stream.of(
                arguments(
                        json + "Content-Length: 18446744073709551621", "invalid-framing"), // which Undertow reads as 5
                arguments(chunked, "length-required"),
                arguments(chunked + "\r\nConnection: Upgrade\r\nUpgrade: h2c", "length-required"),
                arguments(five + "\r\nTransfer-Encoding: chunked", ""), // answered by Undertow itself
                arguments(five + "\r\nContent-Length: 5", ""), // and so is this
                arguments("Content-Length: 5\r\nContent-Type: text/plain", "unsupported-media-type"),
                arguments(five + "\r\nOrigin: https://evil.example", "origin-not-allowed"));
    }

    @Test
    void a_slow_body_is_given_up_and_the_connection_closed() throws IOException {
        try (TestServer server = demo(new Limits(4096, LONG, SHORT, LONG, LONG, 10, 4096));
                RawConnection connection = server.connect()) {
            String request = RawConnection.post("/execute", "{\"action\":\"effect\",\"nonce\":\"n\"}");
            connection.send(request.substring(0, request.length() - 1));

            assertThat(connection.read().problem()).isEqualTo("request-timeout");
            assertThat(connection.isClosedByServer()).isTrue();
            assertThat(effect.entered()).isZero();
        }
    }

    @Test
    void a_slow_head_is_given_up() throws IOException {
        try (TestServer server = demo(new Limits(4096, SHORT, LONG, LONG, LONG, 10, 4096));
                RawConnection connection = server.connect()) {
            connection.send("POST /execute HTTP/1.1\r\nHost: local");

            assertThat(connection.isClosedByServer()).isTrue();
        }
    }

    @Test
    void an_idle_connection_is_closed() throws IOException {
        try (TestServer server = demo(new Limits(4096, LONG, LONG, SHORT, LONG, 10, 4096));
                RawConnection connection = server.connect()) {
            connection.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");

            assertThat(connection.read().status()).isEqualTo(200);
            assertThat(connection.isClosedByServer()).isTrue();
        }
    }

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void a_client_that_does_not_read_its_answer_loses_the_connection() throws IOException {
        RecordingAction large = RecordingAction.of(
                "large", Kind.PURE, (input, context) -> Json.of(Map.of("large", "x".repeat(200_000))));
        Limits limits = new Limits(4096, LONG, LONG, LONG, SHORT, 10, 4096);
        try (TestServer server = TestServer.with(ApprovalPolicy.unsignedDemo())
                        .limits(limits)
                        .actions(large)
                        .start();
                RawConnection connection = server.connect()) {
            String request = RawConnection.post("/execute", "{\"action\":\"large\",\"nonce\":\"n\"}");

            assertThatThrownBy(() -> {
                        while (true) {
                            connection.send(request);
                        }
                    })
                    .isInstanceOf(SocketException.class);
        }
    }

    @Test
    void connections_over_the_limit_wait_for_one_to_close() throws IOException {
        try (TestServer server = demo(new Limits(4096, LONG, LONG, SHORT, LONG, 2, 4096))) {
            try (RawConnection first = server.connect();
                    RawConnection second = server.connect();
                    RawConnection third = server.connect()) {
                third.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");

                assertThat(first.isClosedByServer()).isTrue();
                assertThat(second.isClosedByServer()).isTrue();
                assertThat(third.read().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void a_body_that_ends_early_runs_nothing() throws IOException {
        try (TestServer server = demo(Limits.of(TestServer.MAX_BODY));
                RawConnection connection = server.connect()) {
            String request = RawConnection.post("/execute", "{\"action\":\"effect\",\"nonce\":\"n\"}  ");
            connection.send(request.substring(0, request.length() - 1));
            connection.endOutput();

            assertThat(connection.read().problem()).isEqualTo("invalid-framing");
            assertThat(effect.entered()).isZero();
        }
    }

    private TestServer demo(Limits limits) {
        return TestServer.with(ApprovalPolicy.unsignedDemo())
                .limits(limits)
                .actions(effect)
                .start();
    }
}
