package dev.openexec.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.openexec.approval.ApprovalPolicy;
import java.io.IOException;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad input of every kind that needs no approval: the answer is exact, leaks nothing, and the ledger is untouched. */
class BadInputTest {

    /** In every request; never in an answer. */
    private static final String SECRET = "s3cr3t";

    private static final String GOOD = "{\"action\":\"echo\",\"payload\":{\"msg\":\"s3cr3t\"},\"nonce\":\"n-s3cr3t\"}";

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.with(ApprovalPolicy.unsignedDemo())
                .allowOnly("echo", "add", "absent")
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"framing", "addressing", "mediaTypes"})
    void a_request_with_a_bad_head_is_refused_and_its_connection_closed(
            String what, String request, int status, String problem) throws IOException {
        int before = server.store().changes();
        try (RawConnection connection = server.connect()) {
            connection.send(request);
            RawResponse response = connection.read();

            assertThat(response.status()).isEqualTo(status);
            assertThat(response.problem()).isEqualTo(problem);
            assertThat(response.headers()).containsEntry("connection", "close");
            assertThat(response.body()).doesNotContain(SECRET);
            assertThat(connection.isClosedByServer()).isTrue();
        }
        assertThat(server.store().changes()).isEqualTo(before);
    }

    static Stream<Arguments> framing() {
        return Stream.of(
                head("HTTP/1.0", "POST /execute HTTP/1.0", "", 505, "http-version-not-supported"),
                head("HTTP/0.9", "POST /execute HTTP/0.9", "", 505, "http-version-not-supported"),
                head("no length", "POST /execute HTTP/1.1", "", 411, "length-required"),
                execute("chunked", "Transfer-Encoding: chunked", 411, "length-required"),
                execute("identity", "Transfer-Encoding: identity", 411, "length-required"),
                execute("two transfer encodings", "Transfer-Encoding: identity, chunked", 411, "length-required"),
                execute("length 2^64 + 5", "Content-Length: 18446744073709551621\r\n", 400, "invalid-framing"),
                execute("length 2^64", "Content-Length: 18446744073709551616\r\n", 400, "invalid-framing"),
                execute("length of ten digits", "Content-Length: 0000000081\r\n", 400, "invalid-framing"),
                execute("length over the limit", "Content-Length: 4097\r\n", 413, "content-too-large"),
                execute("length of nine digits", "Content-Length: 999999999\r\n", 413, "content-too-large"),
                execute("51 fields", length() + "X: s3cr3t\r\n".repeat(48), 431, "head-too-large"),
                execute("a field of 16 KiB", length() + "X: " + "s3cr3t".repeat(2731) + "\r\n", 431, "head-too-large"),
                head("a long query", "GET /health?" + "s3cr3t".repeat(2731) + " HTTP/1.1", "", 431, "head-too-large"),
                head("GET with a body", "GET /health HTTP/1.1", length(), 400, "invalid-framing"),
                // answered by Undertow itself
                execute("chunked and a length", length() + "Transfer-Encoding: chunked", 400, ""),
                execute("two lengths", length() + length(), 400, ""),
                execute("two different lengths", length() + "Content-Length: 5\r\n", 400, ""),
                execute("no digits in the length", "Content-Length: five\r\n", 400, ""),
                execute("a sign in the length", "Content-Length: +81\r\n", 400, ""),
                execute("two lengths in one field", "Content-Length: 81, 81\r\n", 400, ""),
                execute("a negative length", "Content-Length: -1\r\n", 400, ""),
                execute("101 fields", length() + "X: s3cr3t\r\n".repeat(101), 400, ""),
                execute("a field of 33 KiB", length() + "X: " + "s3cr3t".repeat(5632) + "\r\n", 400, ""),
                execute("space before the colon", "Content-Length : 81\r\n", 400, ""),
                arguments("not HTTP", "\u0016\u0003\u0001\u0002\r\n\r\n", 400, ""),
                arguments("HTTP/2 prior knowledge", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, ""),
                arguments("a bare line feed", "GET /health HTTP/1.1\nHost: localhost\n\n", 400, ""),
                arguments("no host", "GET /health HTTP/1.1\r\n\r\n", 400, ""),
                arguments("two hosts", "GET /health HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400, ""),
                arguments("user in host", "GET /health HTTP/1.1\r\nHost: s3cr3t@localhost\r\n\r\n", 400, ""));
    }

    static Stream<Arguments> addressing() {
        return Stream.of(
                host("another host", "evil.example", "", 421, "misdirected"),
                host("another host that begins alike", "localhost.evil.example", "", 421, "misdirected"),
                host("another host with our port", "evil.example:5000", "", 421, "misdirected"),
                host("another loopback address", "127.0.0.2", "", 421, "misdirected"),
                host("the wildcard", "0.0.0.0", "", 421, "misdirected"),
                host("a page", "localhost", "Origin: https://evil.example\r\n", 403, "origin-not-allowed"),
                host("a page without origin", "localhost", "Origin: null\r\n", 403, "origin-not-allowed"),
                host("a page on this host", "localhost", "Origin: http://localhost\r\n", 403, "origin-not-allowed"),
                host(
                        "a page with two origins",
                        "localhost",
                        "Origin: https://allowed.example\r\n".repeat(2),
                        403,
                        "origin-not-allowed"),
                head("no such path", "GET /s3cr3t HTTP/1.1", "", 404, "not-found"),
                head("an encoded path", "GET /%68ealth HTTP/1.1", "", 404, "not-found"),
                head("a path with parameters", "GET /health;s3cr3t HTTP/1.1", "", 404, "not-found"),
                head("a path with dots", "GET /x/../health HTTP/1.1", "", 404, "not-found"),
                head("a doubled slash", "GET //health HTTP/1.1", "", 404, "not-found"),
                head("a trailing slash", "GET /health/ HTTP/1.1", "", 404, "not-found"),
                head("a body for no path", "POST /s3cr3t HTTP/1.1", length(), 404, "not-found"),
                head("GET of a POST path", "GET /execute HTTP/1.1", "", 405, "method-not-allowed"),
                head("POST of a GET path", "POST /health HTTP/1.1", length(), 405, "method-not-allowed"),
                head("PUT", "PUT /execute HTTP/1.1", length(), 405, "method-not-allowed"),
                head("DELETE", "DELETE /execute HTTP/1.1", "", 405, "method-not-allowed"),
                head("OPTIONS", "OPTIONS /execute HTTP/1.1", "", 405, "method-not-allowed"),
                head("TRACE", "TRACE /health HTTP/1.1", "", 405, "method-not-allowed"),
                head("lower-case method", "get /health HTTP/1.1", "", 405, "method-not-allowed"),
                head("unknown method", "S3CR3T /health HTTP/1.1", "", 405, "method-not-allowed"));
    }

    static Stream<Arguments> mediaTypes() {
        return Stream.of(
                head("no type", "POST /execute HTTP/1.1", length(), 415, "unsupported-media-type"),
                type("form", "application/x-www-form-urlencoded"),
                type("text", "text/plain"),
                type("multipart", "multipart/form-data; boundary=x"),
                type("almost JSON", "application/json-s3cr3t"),
                type("another JSON", "application/problem+json"),
                type("two types", "application/json\r\nContent-Type: text/plain"),
                type("gzip", "application/json\r\nContent-Encoding: gzip"),
                type("identity", "application/json\r\nContent-Encoding: identity"));
    }

    @Test
    void head_is_refused_without_a_body() throws IOException {
        try (RawConnection connection = server.connect()) {
            connection.send("HEAD /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
            String answer = connection.readAll();

            assertThat(answer)
                    .startsWith("HTTP/1.1 405 ")
                    .contains("Allow: GET\r\n")
                    .endsWith("\r\n\r\n");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"json", "shapes", "actions"})
    void a_bad_body_is_refused(String what, String body, int status, String problem, String detail) throws IOException {
        int before = server.store().changes();

        RawResponse response = server.send(octets(body));

        assertThat(response.status()).isEqualTo(status);
        assertThat(response.problem()).isEqualTo(problem);
        assertThat(response.text("detail")).isEqualTo(detail);
        assertThat(response.json().get("status").orElseThrow().asInteger()).isEqualTo(status);
        assertThat(UUID.fromString(response.headers().get("openexec-request-id")))
                .hasToString(response.text("instance").substring("urn:uuid:".length()));
        assertThat(response.body()).doesNotContain(SECRET);
        assertThat(server.store().changes()).isEqualTo(before);
    }

    static Stream<Arguments> json() {
        return Stream.of(
                malformed("empty", "", "invalid-syntax"),
                malformed("cut off", GOOD.substring(0, 60), "invalid-syntax"),
                malformed("trailing data", GOOD + "{}", "trailing-content"),
                malformed(
                        "the action twice",
                        GOOD.replace("{\"action\"", "{\"action\":\"add\",\"action\""),
                        "duplicate-member"),
                malformed(
                        "a member twice, escaped", "{\"nonce\":\"s3cr3t\",\"\\u006eonce\":\"2\"}", "duplicate-member"),
                malformed("not UTF-8", "{\"action\":\"\u00ff\"}", "invalid-utf8"),
                malformed("overlong UTF-8", "{\"action\":\"\u00c0\u0080\"}", "invalid-utf8"),
                malformed("a byte order mark", "\u00ef\u00bb\u00bf" + GOOD, "byte-order-mark"),
                malformed("half a surrogate pair", "{\"action\":\"\\ud800\"}", "lone-surrogate"),
                malformed("NaN", "{\"payload\":{\"a\":NaN}}", "non-finite-number"),
                malformed("a number beyond doubles", "{\"payload\":{\"a\":1e400}}", "number-overflow"),
                malformed("a number no double is", "{\"payload\":{\"a\":0.1234567890123456789012}}", "number-inexact"),
                malformed("129 digits", "{\"payload\":{\"a\":" + "1".repeat(129) + "}}", "number-too-long"),
                malformed("65 levels", "{\"payload\":" + "[".repeat(64) + "]".repeat(64) + "}", "too-deep"),
                malformed("a long name", "{\"" + "s3cr3t".repeat(43) + "\":1}", "name-too-long"));
    }

    static Stream<Arguments> shapes() {
        String members = "The body may have these members only: action, payload, nonce, approval_artifact";
        return Stream.of(
                mismatch("an array", "[]", "The body must be an object"),
                mismatch("null", "null", "The body must be an object"),
                mismatch("an unknown member", "{\"s3cr3t\":1}", members),
                mismatch("no action", "{\"nonce\":\"n\"}", "action is missing"),
                mismatch("no nonce", "{\"action\":\"echo\"}", "nonce is missing"),
                mismatch("action null", "{\"action\":null,\"nonce\":\"n\"}", "action must be a string"),
                mismatch("action a number", "{\"action\":1,\"nonce\":\"n\"}", "action must be a string"),
                mismatch("nonce a number", "{\"action\":\"echo\",\"nonce\":1}", "nonce must be a string"),
                mismatch("payload an array", request("[]", "n"), "payload must be an object or null"),
                mismatch("payload a string", request("\"s3cr3t\"", "n"), "payload must be an object or null"),
                mismatch(
                        "an artifact that is a string",
                        "{\"action\":\"echo\",\"nonce\":\"n\",\"approval_artifact\":\"s3cr3t\"}",
                        "approval_artifact must be an object or null"),
                mismatch(
                        "an empty nonce",
                        request("{}", ""),
                        "nonce must be 1 to 255 bytes of UTF-8 without control characters"),
                mismatch(
                        "a nonce of 256 bytes",
                        request("{}", "s".repeat(256)),
                        "nonce must be 1 to 255 bytes of UTF-8 without control characters"),
                mismatch(
                        "a nonce of 256 bytes in 128 characters",
                        request("{}", "\u00c3\u00a9".repeat(128)),
                        "nonce must be 1 to 255 bytes of UTF-8 without control characters"),
                mismatch(
                        "a nonce with a control character",
                        request("{}", "s3cr3t\\n"),
                        "nonce must be 1 to 255 bytes of UTF-8 without control characters"),
                mismatch("an empty action", "{\"action\":\"\",\"nonce\":\"n\"}", "action must be 1 to 256 characters"),
                mismatch(
                        "an action of 257 characters",
                        "{\"action\":\"" + "a".repeat(257) + "\",\"nonce\":\"n\"}",
                        "action must be 1 to 256 characters"));
    }

    static Stream<Arguments> actions() {
        return Stream.of(
                arguments(
                        "an action off the list",
                        "{\"action\":\"wire\",\"nonce\":\"s3cr3t\"}",
                        403,
                        "action-not-allowed",
                        "Action 'wire' is not in the execution allow-list"),
                arguments(
                        "an action that does not exist",
                        "{\"action\":\"absent\",\"nonce\":\"s3cr3t\"}",
                        400,
                        "unknown-action",
                        "Unknown action: absent"),
                addend("a string", "\"s3cr3t\"", "not-a-number"),
                addend("null", "null", "not-a-number"),
                addend("a boolean", "true", "not-a-number"),
                addend("an object", "{}", "not-a-number"),
                addend("an array", "[1]", "not-a-number"));
    }

    private static String length() {
        return "Content-Length: " + GOOD.length() + "\r\n";
    }

    private static Arguments head(String what, String line, String fields, int status, String problem) {
        String body = fields.isEmpty() ? "" : GOOD;
        return arguments(what, line + "\r\nHost: localhost\r\n" + fields + "\r\n" + body, status, problem);
    }

    private static Arguments execute(String what, String fields, int status, String problem) {
        String ended = fields.endsWith("\r\n") ? fields : fields + "\r\n";
        return head(what, "POST /execute HTTP/1.1", "Content-Type: application/json\r\n" + ended, status, problem);
    }

    private static Arguments host(String what, String host, String fields, int status, String problem) {
        String head = "POST /execute HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: application/json\r\n";
        return arguments(what, head + length() + fields + "\r\n" + GOOD, status, problem);
    }

    private static Arguments type(String what, String type) {
        return head(
                what,
                "POST /execute HTTP/1.1",
                "Content-Type: " + type + "\r\n" + length(),
                415,
                "unsupported-media-type");
    }

    private static Arguments malformed(String what, String body, String rule) {
        return arguments(what, body, 400, "malformed-json", "Malformed JSON: " + rule);
    }

    private static Arguments mismatch(String what, String body, String detail) {
        return arguments(what, body, 422, "invalid-request", detail);
    }

    private static Arguments addend(String what, String a, String rule) {
        String body = "{\"action\":\"add\",\"nonce\":\"s3cr3t\",\"payload\":{\"a\":" + a + "}}";
        return arguments(
                "adding " + what, body, 400, "invalid-input", "The action does not take this payload: " + rule);
    }

    private static String request(String payload, String nonce) {
        return "{\"action\":\"echo\",\"payload\":" + payload + ",\"nonce\":\"" + nonce + "\"}";
    }

    /** The body's characters are octets already. */
    private static String octets(String body) {
        return "POST /execute HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
    }
}
