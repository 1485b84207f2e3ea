package dev.openexec.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.openexec.json.Digest;
import dev.openexec.json.Json;
import dev.openexec.json.MalformedJsonException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Approvals minted, bent and broken against the Python reference, each with the verdict and the rule we hold to. */
class ReferenceArtifactsTest {

    /** The golden data speaks of the request in its own, coarser words. */
    private static final Map<String, String> REQUEST_RULES = Map.of(
            "duplicate-member", "request-duplicate-member",
            "lone-surrogate", "request-nonfinite-or-lone-surrogate",
            "number-overflow", "request-nonfinite-or-lone-surrogate",
            "non-finite-number", "request-not-strict-json");

    /**
     * Strict JSON comes before any member is looked at, so the rule that fires is the parser's where the golden data names
     * the member that holds the lone surrogate.
     */
    private static final Map<String, String> EARLIER_RULE = Map.of("art-254", "lone-surrogate");

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final JsonNode KEYS = read(text("keys.json"));

    /** Read leniently: the data is about texts that our own parser refuses. */
    record Row(JsonNode json) {

        String string(String member) {
            return json.get(member).asText();
        }

        Optional<String> optional(String member) {
            return Optional.ofNullable(json.get(member).textValue());
        }

        @Override
        public String toString() {
            return string("id");
        }
    }

    static List<Row> rows() {
        return text("artifacts.jsonl").lines().map(line -> new Row(read(line))).toList();
    }

    @Test
    void the_golden_data_is_complete() {
        assertThat(rows()).hasSize(178);
        assertThat(rows()).filteredOn(row -> expected(row).equals("accept")).hasSize(42);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void verdict_and_rule_are_the_golden_ones(Row row) {
        assertThat(verdict(row)).isEqualTo(EARLIER_RULE.getOrDefault(row.toString(), expected(row)));
    }

    private static String expected(Row row) {
        return row.json().get("recommended_strict_v1").path("rule").asText("accept");
    }

    private static String verdict(Row row) {
        Json request;
        try {
            request = Json.parse(row.string("request_json"));
        } catch (MalformedJsonException e) {
            return REQUEST_RULES.getOrDefault(e.rule(), e.rule());
        }
        List<ApprovalKey> keys;
        try {
            keys = ApprovalKey.fromPem(pem(row));
        } catch (IllegalArgumentException e) {
            return "no-trusted-or-weak-key";
        }
        Instant clock = LocalDateTime.parse(row.string("clock")).toInstant(ZoneOffset.UTC);
        Optional<String> tenant = row.optional("tenant_env").filter(name -> !name.isEmpty());
        try {
            ApprovalPolicy.signedBy(tenant.orElse("some-other-tenant"), keys)
                    .verify(row.string("artifact_json"), requestHash(request), clock)
                    .orElseThrow()
                    .requireSpendableAt(clock);
            return "accept";
        } catch (InvalidApprovalException e) {
            // a policy cannot be made without a tenant; the rules before that one are the artifact's own
            return tenant.isEmpty() && e.rule().equals("tenant-mismatch") ? "tenant-not-configured" : e.rule();
        }
    }

    private static Digest requestHash(Json request) {
        Json payload = request.get("payload")
                .filter(value -> value.type() != Json.Type.NULL)
                .orElse(Json.emptyObject());
        return Digest.ofUtf8(Json.of(Map.of("action", request.get("action").orElseThrow(), "payload", payload))
                .canonical());
    }

    private static String pem(Row row) {
        return row.optional("public_key_env")
                .orElseGet(() -> KEYS.get(row.string("key")).get("public_pem").asText());
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            return fail(e);
        }
    }

    private static String text(String name) {
        try (InputStream in = ReferenceArtifactsTest.class.getResourceAsStream("/reference-artifacts/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return fail(e);
        }
    }
}
