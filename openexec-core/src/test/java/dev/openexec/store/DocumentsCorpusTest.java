package dev.openexec.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.openexec.action.Kind;
import dev.openexec.approval.Authority;
import dev.openexec.json.Digest;
import dev.openexec.json.Json;
import dev.openexec.json.MalformedJsonException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Payloads that approvals tell apart are told apart by the documents of receipts, and no others. */
class DocumentsCorpusTest {

    private static final Path VECTORS = Path.of(System.getProperty("openexec.vectors", "../../shared/vectors"));
    private static final Digest ANY = Digest.ofUtf8("any");

    @Test
    void payloads_with_different_hashes_have_different_documents() throws IOException {
        List<Json> payloads = new ArrayList<>();
        for (byte[] text : corpus()) {
            try {
                Json value = Json.parse(text);
                payloads.add(value.type() == Json.Type.OBJECT ? value : Json.of(Map.of("v", value)));
            } catch (MalformedJsonException e) {
                // no payload
            }
        }
        Set<String> pairs = new HashSet<>();
        Set<Digest> hashes = new HashSet<>();
        Set<Digest> documents = new HashSet<>();
        for (Json payload : payloads) {
            Digest hash = Digest.ofUtf8(
                    Json.of(Map.of("action", "a", "payload", payload)).canonical());
            Digest document = Digest.ofUtf8(document(payload, hash));
            hashes.add(hash);
            documents.add(document);
            pairs.add(hash + " " + document);
        }

        assertThat(payloads).hasSizeGreaterThan(550);
        assertThat(hashes).hasSizeGreaterThan(400);
        assertThat(documents).hasSameSizeAs(hashes);
        assertThat(pairs).hasSameSizeAs(hashes);
    }

    private static List<byte[]> corpus() throws IOException {
        List<byte[]> texts = new ArrayList<>();
        for (String folder : List.of("jsontestsuite", "cyberphone-jcs", "python-json")) {
            assumeTrue(Files.isDirectory(VECTORS.resolve(folder)), "no " + folder + " under openexec.vectors");
            try (Stream<Path> files = Files.walk(VECTORS.resolve(folder))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    texts.add(Files.readAllBytes(file));
                }
            }
        }
        ObjectMapper mapper = new ObjectMapper();
        for (String line : Files.readAllLines(VECTORS.resolve("python-json/cases.jsonl"))) {
            texts.add(mapper.readTree(line).get("input_json").textValue().getBytes(StandardCharsets.UTF_8));
        }
        return texts;
    }

    private static String document(Json payload, Digest hash) {
        Claim claim = new Claim(
                new UUID(0, 1),
                ANY,
                ANY,
                Authority.UNSIGNED,
                null,
                hash,
                "demo",
                "n",
                "a",
                Kind.PURE,
                null,
                payload.canonical(),
                "0".repeat(32),
                "1".repeat(32),
                Instant.EPOCH);
        return Documents.of(claim, null, null).byName().getOrDefault("request", "");
    }
}
