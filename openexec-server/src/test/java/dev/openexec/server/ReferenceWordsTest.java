package dev.openexec.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.openexec.Executor;
import dev.openexec.approval.ApprovalKey;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.store.ExecutionStore;
import dev.openexec.testkit.SettableClock;
import io.undertow.util.HeaderMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Approvals that were put to the Python reference over HTTP, with its answers. What we accept, it accepted. What it refused
 * with 403 or 422 we refuse with the same status and in the same words; where it failed or was too lenient, we refuse.
 */
class ReferenceWordsTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Mistakes of a configuration that we do not start with. */
    private static final Set<String> CONFIGURATION_RULES = Set.of("no-trusted-or-weak-key", "tenant-not-configured");

    /** Rules that fire before the one of which the reference speaks. */
    private static final Set<String> EARLIER_RULES =
            Set.of("approval_id-grammar", "tenant_id-grammar", "expires_at-grammar", "request-duplicate-member");

    record Row(JsonNode json, JsonNode keys) {

        String text(String member) {
            return json.get(member).asText();
        }

        String rule() {
            return json.get("recommended_strict_v1").path("rule").asText("accept");
        }

        Instant now() {
            return LocalDateTime.parse(text("clock")).toInstant(ZoneOffset.UTC);
        }

        ApprovalPolicy policy() {
            String pem = keys.get(text("key")).get("public_pem").asText();
            return ApprovalPolicy.signedBy(text("tenant_env"), ApprovalKey.fromPem(pem));
        }

        /** The request with a nonce and the artifact spliced in, as text: some of these are not JSON. */
        byte[] body() {
            String request = text("request_json");
            String open = request.substring(0, request.lastIndexOf('}'));
            String body = open + ",\"nonce\":\"n\",\"approval_artifact\":" + text("artifact_json") + "}";
            return body.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return text("id");
        }
    }

    static Stream<Row> rows() throws IOException {
        Path folder = Path.of(System.getProperty("openexec.vectors", ""), "reference-artifacts");
        assumeTrue(Files.isDirectory(folder), "The vectors are not here");
        JsonNode keys = JSON.readTree(folder.resolve("keys.json").toFile());
        Stream.Builder<Row> rows = Stream.builder();
        for (String line : Files.readAllLines(folder.resolve("artifacts.jsonl"))) {
            Row row = new Row(JSON.readTree(line), keys);
            if (!CONFIGURATION_RULES.contains(row.rule())) {
                rows.add(row);
            }
        }
        return rows.build();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void status_and_words_are_those_of_the_reference(Row row) {
        Reply reply = reply(row);
        JsonNode reference = row.json().get("ref_http");
        int status = reference.get("status").asInt();

        if (row.rule().equals("accept")) {
            assertThat(reply.status()).isEqualTo(200).isEqualTo(status);
            return;
        }
        assertThat(reply).isInstanceOf(Problem.class);
        assertThat(reply.status()).isBetween(400, 422);
        if ((status == 403 || status == 422) && !row.rule().startsWith("request-")) {
            assertThat(reply.status()).isEqualTo(status);
        }
        if (status == 403 && !EARLIER_RULES.contains(row.rule())) {
            // all but the tenant that it expected
            assertThat(reference.get("detail").asText()).startsWith(((Problem) reply).detail());
        }
    }

    private static Reply reply(Row row) {
        SettableClock clock = new SettableClock(row.now().minus(Duration.ofDays(30)));
        Executor.Builder builder = Executor.with(ExecutionStore.inMemory(), row.policy())
                .clock(clock)
                .action(new Echo())
                .action(new Add());
        try (Executor executor = builder.build()) {
            clock.set(row.now());
            return new ExecuteEndpoint(executor, new EvidenceThread())
                    .reply(new Request("/execute", new HeaderMap(), row.body()))
                    .toCompletableFuture()
                    .join();
        } catch (BadRequestException e) {
            return e.problem();
        }
    }
}
