package dev.openexec.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.action.ActionFailedException;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.evidence.Checkpoint;
import dev.openexec.evidence.Evidence;
import dev.openexec.evidence.Policy;
import dev.openexec.evidence.TreeReader;
import dev.openexec.evidence.Verdict;
import dev.openexec.evidence.Verifier;
import dev.openexec.evidence.VerifierKey;
import dev.openexec.json.Digest;
import dev.openexec.json.Json;
import dev.openexec.testkit.RecordingAction;
import dev.openexec.testkit.TestApprovals;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a caller, or a stranger, takes away and can check. */
class EvidenceOverHttpTest {

    private static final String ADD = "{\"action\":\"add\",\"payload\":{\"a\":2,\"b\":0.5},\"nonce\":\"n\"}";
    private static final Limits LIMITS = Limits.of(1 << 16);

    private final TestApprovals approver = TestApprovals.forTenant("tenant-1");

    private static TestServer demo() {
        return TestServer.with(ApprovalPolicy.unsignedDemo()).limits(LIMITS).start();
    }

    private TestServer clawshield() {
        return TestServer.with(approver.policy()).limits(LIMITS).start();
    }

    @Test
    void an_answer_carries_evidence_if_it_is_asked_for() throws IOException {
        try (TestServer server = demo()) {
            RawResponse plain = server.post("/execute", ADD);
            RawResponse full = full(server, ADD);

            assertThat(plain.json().names()).doesNotContain("evidence");
            assertThat(verifier(server).verify(evidence(full))).isInstanceOf(Verdict.Logged.class);
            assertThat(evidence(full).receipt()).contains(full.text("id"), "\"status\":\"succeeded\"");
            assertThat(evidence(full).documents().get("result")).contains(full.text("receipt"));
        }
    }

    @Test
    void an_answer_to_an_approved_request_shows_that_it_was_approved() throws IOException {
        try (TestServer server = clawshield()) {
            RawResponse response = approved(server);

            assertThat(response.status()).as(response.body()).isEqualTo(200);
            assertThat(verifier(server).approvedBy(approver.policy()).verify(evidence(response)))
                    .isInstanceOf(Verdict.Approved.class);
            assertThat(verifier(server)
                            .approvedBy(TestApprovals.forTenant("tenant-1").policy())
                            .verify(evidence(response)))
                    .isEqualTo(new Verdict.Invalid(Verdict.Why.APPROVAL_INVALID));
        }
    }

    @Test
    void a_failure_carries_evidence_too() throws IOException {
        try (TestServer server = TestServer.with(ApprovalPolicy.unsignedDemo())
                .limits(LIMITS)
                .actions(RecordingAction.of("fail", Kind.PURE, (input, context) -> {
                    throw new ActionFailedException("no-way");
                }))
                .start()) {
            RawResponse response = full(server, "{\"action\":\"fail\",\"nonce\":\"n\"}");

            assertThat(response.status()).isEqualTo(424);
            assertThat(verifier(server).verify(evidence(response))).isInstanceOf(Verdict.Logged.class);
            assertThat(evidence(response).receipt()).contains("\"code\":\"no-way\"", "\"status\":\"failed\"");
        }
    }

    @Test
    void a_refusal_carries_none() throws IOException {
        try (TestServer server = demo()) {
            RawResponse response = full(server, "{\"action\":\"unheard-of\",\"nonce\":\"n\"}");

            assertThat(response.status()).isEqualTo(400);
            assertThat(response.json().names()).doesNotContain("evidence");
        }
    }

    @Test
    void a_receipt_is_verified_with_its_proof_and_its_documents() throws IOException {
        try (TestServer server = demo()) {
            Evidence evidence = evidence(full(server, ADD));
            Map<String, String> other = new LinkedHashMap<>(evidence.documents());
            other.computeIfPresent("result", (name, text) -> text.replace("2.5", "3.5"));

            RawResponse good = server.post("/receipts/verify", evidence.toJson().canonical());
            RawResponse bad = server.post(
                    "/receipts/verify",
                    new Evidence(evidence.receipt(), evidence.proof(), other)
                            .toJson()
                            .canonical());

            assertThat(good.body()).isEqualTo("{\"valid\":true,\"verdict\":\"LOGGED\"}");
            assertThat(bad.body()).isEqualTo("{\"valid\":false,\"verdict\":\"INVALID\",\"why\":\"document-changed\"}");
        }
    }

    @Test
    void the_evidence_of_another_ledger_is_none() throws IOException {
        try (TestServer server = demo();
                TestServer other = demo()) {
            RawResponse response = server.post(
                    "/receipts/verify", evidence(full(other, ADD)).toJson().canonical());

            assertThat(response.body())
                    .isEqualTo("{\"valid\":false,\"verdict\":\"INVALID\",\"why\":\"checkpoint-untrusted\"}");
        }
    }

    @Test
    void a_receipt_is_handed_out_by_the_id_of_its_execution() throws IOException {
        try (TestServer server = demo()) {
            String id = server.post("/execute", ADD).text("id");
            RawResponse response = server.get("/receipts/" + id);

            assertThat(response.headers()).containsEntry("content-type", "application/json");
            assertThat(verifier(server).verify(response.body())).isInstanceOf(Verdict.Logged.class);
            assertThat(server.get("/receipts/" + id.toUpperCase(Locale.ROOT)).status())
                    .isEqualTo(404);
            assertThat(server.get("/receipts/00000000-0000-7000-8000-000000000000")
                            .status())
                    .isEqualTo(404);
            assertThat(server.get("/receipts/verify").status()).isEqualTo(405);
        }
    }

    @Test
    void the_tiles_are_those_of_the_checkpoint() throws IOException, InterruptedException {
        try (TestServer server = demo()) {
            for (int i = 0; i < 5; i++) {
                server.post("/execute", ADD.replace("\"n\"", "\"n" + i + "\""));
            }
            Checkpoint checkpoint = checkpoint(server);
            byte[] hashes = octets(server, "/log/tile/0/000.p/5");
            byte[] bundle = octets(server, "/log/tile/entries/000.p/5");

            assertThat(checkpoint.size()).isEqualTo(5);
            assertThat(hashes).hasSize(5 * 32);
            assertThat(new TreeReader((level, first, count) -> digests(hashes), 5).root())
                    .isEqualTo(checkpoint.root());
            int length = Byte.toUnsignedInt(bundle[0]) << 8 | Byte.toUnsignedInt(bundle[1]);
            assertThat(new String(bundle, 2, length, StandardCharsets.UTF_8)).startsWith("{\"_type\":");
            assertThat(server.get("/log/tile/0/000.p/6").status()).isEqualTo(404);
            assertThat(server.get("/log/tile/1/000.p/1").status()).isEqualTo(404);
            assertThat(server.get("/log/tile/0/0").status()).isEqualTo(404);
        }
    }

    @Test
    void what_tells_of_others_is_not_there_where_requests_are_approved() throws IOException {
        try (TestServer demo = demo();
                TestServer clawshield = clawshield()) {
            RawResponse open = demo.post("/execute", ADD);
            RawResponse approved = approved(clawshield);

            assertThat(checkpoint(demo).size()).isEqualTo(1);
            assertThat(checkpoint(clawshield).size()).isEqualTo(1);
            for (String path : List.of("/receipts/", "/log/tile/0/000.p/1", "/log/tile/entries/000.p/1")) {
                assertThat(statusOf(demo, path, open)).as(path).isEqualTo(200);
                assertThat(statusOf(clawshield, path, approved)).as(path).isEqualTo(404);
            }
        }
    }

    private static int statusOf(TestServer server, String path, RawResponse execution) throws IOException {
        return server.get(path.endsWith("/") ? path + execution.text("id") : path)
                .status();
    }

    private RawResponse approved(TestServer server) throws IOException {
        Json payload = Json.of(Map.of("a", 2));
        return full(
                server,
                "{\"action\":\"add\",\"nonce\":\"n\",\"payload\":" + payload.canonical() + ",\"approval_artifact\":"
                        + approver.approve("add", payload, Instant.now()) + "}");
    }

    private static RawResponse full(TestServer server, String json) throws IOException {
        return server.send(
                RawConnection.post("/execute", json).replaceFirst("\r\n\r\n", "\r\nOpenExec-Evidence: full\r\n\r\n"));
    }

    private static Evidence evidence(RawResponse response) {
        Json evidence = response.json().get("evidence").orElseThrow();
        Map<String, String> documents = new LinkedHashMap<>();
        Json texts = evidence.get("documents").orElseThrow();
        texts.names()
                .forEach(name ->
                        documents.put(name, texts.get(name).orElseThrow().asString()));
        return new Evidence(
                evidence.get("receipt").orElseThrow().asString(),
                evidence.get("proof").orElseThrow().asString(),
                documents);
    }

    private static byte[] octets(TestServer server, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofByteArray())
                .body();
    }

    private static List<Digest> digests(byte[] hashes) {
        return IntStream.range(0, hashes.length / 32)
                .mapToObj(i -> Digest.fromBytes(Arrays.copyOfRange(hashes, i * 32, i * 32 + 32)))
                .toList();
    }

    private static VerifierKey key(TestServer server) throws IOException {
        return VerifierKey.parse(server.get("/log/key").body().strip());
    }

    private static Verifier verifier(TestServer server) throws IOException {
        return Verifier.of(Policy.of(key(server)));
    }

    private static Checkpoint checkpoint(TestServer server) throws IOException {
        return Checkpoint.open(server.get("/log/checkpoint").body(), key(server))
                .orElseThrow();
    }
}
