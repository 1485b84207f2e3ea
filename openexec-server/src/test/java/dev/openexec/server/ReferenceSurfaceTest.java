package dev.openexec.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Digest;
import dev.openexec.json.Json;
import dev.openexec.testkit.TestApprovals;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a client of the Python reference (0.1.10) sends and relies on, taken from the reference's sources. Which of its
 * words an approval is refused in, {@link ReferenceWordsTest} compares with its recorded answers.
 */
class ReferenceSurfaceTest {

    private static final String DEMO_ADD = "{\"action\":\"add\",\"payload\":{\"a\":2,\"b\":3},\"nonce\":\"n\"}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/        |                                                 | service:STRING status:STRING version:STRING",
                "/health  |                                                 | status:STRING exec_mode:STRING"
                        + " signature_verification:STRING restriction:STRING warning:STRING",
                "/version |                                                 | version:STRING timestamp:STRING",
                "/ready   |                                                 | ready:BOOLEAN",
                "/execute | " + DEMO_ADD + " | id:STRING action:STRING result:OBJECT approved:BOOLEAN receipt:STRING",
                "/receipts/verify | {\"exec_id\":\"i\",\"result\":\"{}\",\"receipt\":\"r\"}      | valid:BOOLEAN",
            })
    void every_endpoint_answers_with_the_members_of_the_reference(String path, String body, String members)
            throws IOException {
        try (TestServer server = TestServer.start(ApprovalPolicy.unsignedDemo())) {
            RawResponse response = body == null ? server.get(path) : server.post(path, body);

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.headers()).containsEntry("content-type", "application/json");
            assertThat(types(response.json())).containsAllEntriesOf(types(members));
        }
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void health_says_the_same_in_every_configuration(boolean signed, boolean restricted) throws IOException {
        ApprovalPolicy policy = signed ? TestApprovals.forTenant("acme").policy() : ApprovalPolicy.unsignedDemo();
        TestServer.Builder builder = TestServer.with(policy);
        try (TestServer server = (restricted ? builder.allowOnly("echo", "add") : builder).start()) {
            String list = restricted ? "\"allow_list\":[\"echo\",\"add\"]," : "";
            String warning = restricted ? "" : ",\"warning\":\"No execution allow-list configured\"";

            assertThat(server.get("/health").body())
                    .isEqualTo("{" + list + "\"exec_mode\":\"" + (signed ? "clawshield" : "demo")
                            + "\",\"restriction\":\"" + (restricted ? "restricted" : "open")
                            + "\",\"signature_verification\":\"" + (signed ? "enabled" : "disabled")
                            + "\",\"status\":\"healthy\"" + warning + "}");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "demo,       echo,  200,",
        "demo,       none,  400, Unknown action: none",
        "restricted, add,   403, Action 'add' is not in the execution allow-list",
        "clawshield, echo,  403, ClawShield mode requires an approval artifact",
    })
    void a_request_is_refused_in_the_words_of_the_reference(String mode, String action, int status, String detail)
            throws IOException {
        ApprovalPolicy policy =
                mode.equals("clawshield") ? TestApprovals.forTenant("acme").policy() : ApprovalPolicy.unsignedDemo();
        TestServer.Builder builder = TestServer.with(policy);
        try (TestServer server = (mode.equals("restricted") ? builder.allowOnly("echo") : builder).start()) {
            RawResponse response = server.post("/execute", "{\"action\":\"" + action + "\",\"nonce\":\"n\"}");

            assertThat(response.status()).isEqualTo(status);
            assertThat(response.json().get("detail").map(Json::asString).orElse(null))
                    .isEqualTo(detail);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "echo | {}                      | {\"echo\": {}}",
                "echo | {\"z\":1,\"a\":[null,2.0]}  | {\"echo\": {\"a\": [null, 2.0], \"z\": 1}}",
                "add  | {}                      | {\"sum\": 0}",
                "add  | {\"a\":1,\"b\":0.5,\"c\":9} | {\"sum\": 1.5}",
            })
    void the_demo_actions_give_the_reference_s_results_and_receipts(String action, String payload, String result)
            throws IOException {
        try (TestServer server = TestServer.start(ApprovalPolicy.unsignedDemo())) {
            RawResponse response = server.post(
                    "/execute", "{\"action\":\"" + action + "\",\"payload\":" + payload + ",\"nonce\":\"n\"}");
            String id = response.text("id");

            assertThat(response.json().get("result").orElseThrow().spaced()).isEqualTo(result);
            assertThat(response.text("receipt"))
                    .isEqualTo(Digest.ofUtf8(id + ":" + result).hex());
        }
    }

    @Test
    void the_reference_s_variables_keep_their_names_and_defaults() {
        assertThat(Variable.valueOf("OPENEXEC_MODE").defaultValue()).contains("demo");
        assertThat(Variable.valueOf("OPENEXEC_DB_URL").defaultValue()).contains("sqlite:///openexec.db");
        assertThat(Variable.valueOf("OPENEXEC_ALLOWED_ACTIONS").defaultValue()).isEmpty();
        assertThat(Variable.valueOf("CLAWSHIELD_PUBLIC_KEY").defaultValue()).isEmpty();
        assertThat(Variable.valueOf("CLAWSHIELD_TENANT_ID").defaultValue()).isEmpty();
    }

    private static Map<String, String> types(Json object) {
        Map<String, String> types = new TreeMap<>();
        object.names()
                .forEach(name ->
                        types.put(name, object.get(name).orElseThrow().type().name()));
        return types;
    }

    private static Map<String, String> types(String members) {
        Map<String, String> types = new TreeMap<>();
        for (String member : members.split(" ", -1)) {
            types.put(member.substring(0, member.indexOf(':')), member.substring(member.indexOf(':') + 1));
        }
        return types;
    }
}
