package dev.openexec.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.openexec.json.Digest;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What others say of trees, notes, proofs and policies. */
class EvidenceVectorsTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void every_probe_of_the_public_merkle_vectors_is_judged_as_it_should_be() throws IOException {
        Map<String, Integer> right = new TreeMap<>();
        for (String line : Files.readAllLines(vectors("merkle-transparency-dev/all.jsonl"))) {
            JsonNode probe = MAPPER.readTree(line);
            String kind = probe.get("kind").textValue();
            if (!kind.equals("inclusion") && !kind.equals("consistency")) {
                continue; // proofs about parts of a tree, which nothing here has
            }
            boolean accepted = kind.equals("inclusion") ? includes(probe) : extendsTo(probe);
            assertThat(accepted).as(line).isNotEqualTo(probe.get("wantErr").booleanValue());
            right.merge(kind, 1, Integer::sum);
        }
        assertThat(right).isEqualTo(Map.of("inclusion", 98, "consistency", 98));
    }

    private static boolean includes(JsonNode probe) {
        Optional<Long> index = number(probe.get("leafIdx"));
        Optional<Long> size = number(probe.get("treeSize"));
        Optional<Digest> leaf = hash(probe.get("leafHash"));
        Optional<Digest> root = hash(probe.get("root"));
        Optional<List<Digest>> path = path(probe.get("proof"));
        return index.isPresent()
                && size.isPresent()
                && leaf.isPresent()
                && root.isPresent()
                && path.isPresent()
                && TreeProof.includes(leaf.get(), index.get(), size.get(), path.get(), root.get());
    }

    private static boolean extendsTo(JsonNode probe) {
        Optional<Long> older = number(probe.get("size1"));
        Optional<Long> size = number(probe.get("size2"));
        Optional<Digest> olderRoot = hash(probe.get("root1"));
        Optional<Digest> root = hash(probe.get("root2"));
        Optional<List<Digest>> path = path(probe.get("proof"));
        return older.isPresent()
                && size.isPresent()
                && olderRoot.isPresent()
                && root.isPresent()
                && path.isPresent()
                && TreeProof.extendsTo(older.get(), olderRoot.get(), size.get(), root.get(), path.get());
    }

    /** Sizes are up to 2^64 there, and up to 2^63 here: what is larger is no size. */
    private static Optional<Long> number(JsonNode node) {
        BigInteger number = node.bigIntegerValue();
        return number.bitLength() > 63 ? Optional.empty() : Optional.of(number.longValue());
    }

    /** Some are texts of another length, where they do not matter. */
    private static Optional<Digest> hash(JsonNode node) {
        byte[] bytes = node.isNull() ? new byte[0] : Base64.getDecoder().decode(node.textValue());
        Optional<Digest> known = Optional.of(bytes.length == 32 ? Digest.fromBytes(bytes) : Digest.of(bytes));
        return bytes.length == 0 ? Optional.empty() : known;
    }

    private static Optional<List<Digest>> path(JsonNode node) {
        List<Digest> path = new ArrayList<>();
        for (JsonNode hash : node) {
            Optional<Digest> digest = hash(hash);
            if (digest.isEmpty()) {
                return Optional.empty();
            }
            path.add(digest.get());
        }
        return Optional.of(path);
    }

    @Test
    void every_row_of_the_formats_tables_is_judged_as_it_should_be() throws IOException {
        Map<String, Integer> right = new TreeMap<>();
        for (String line : Files.readAllLines(vectors("tlog-formats/vectors.jsonl"))) {
            JsonNode row = MAPPER.readTree(line);
            String type = row.get("type").textValue();
            boolean accepted = switch (type) {
                case "checkpoint-body" -> checkpoint(row.get("body").textValue());
                case "tlog-proof" -> proof(row.get("text").textValue());
                case "vkey" ->
                    catchThrowable(() -> VerifierKey.parse(row.get("vkey").textValue())) == null;
                case "cosignature-timestamp" -> hasTime(row);
                case "witness-policy" ->
                    catchThrowable(() -> Policy.parse(row.get("policy").textValue())) == null;
                default -> throw new AssertionError("A type that nobody knows: " + type);
            };
            String why = stricterHere(row);
            assertThat(accepted).as(line).isEqualTo(!row.get("want_error").booleanValue() && why.isEmpty());
            right.merge(why.isEmpty() ? type : why, 1, Integer::sum);
        }
        assertThat(right)
                .isEqualTo(Map.of(
                        "checkpoint-body", 11,
                        "tlog-proof", 11,
                        "vkey", 8,
                        "cosignature-timestamp", 3,
                        "witness-policy", 11,
                        "an empty line is no extension", 1,
                        "a key of another algorithm", 1));
    }

    /** What the specifications leave open, or the tables allow and the specifications do not. */
    private static String stricterHere(JsonNode row) {
        return switch (row.get("desc").textValue()) {
            case "valid with trailing newlines" -> "an empty line is no extension";
            case "ECDSA type 2 (key id rule differs)" -> "a key of another algorithm";
            default -> "";
        };
    }

    /** The roots of the table are texts of any length, such as bananas: of each this takes the digest. */
    private static boolean checkpoint(String body) {
        String[] lines = body.split("\n", -1);
        if (lines.length > 3 && Base64s.decode(lines[2]).isPresent()) {
            lines[2] =
                    Base64.getEncoder().encodeToString(Digest.ofUtf8(lines[2]).bytes());
        }
        return Checkpoint.parse(String.join("\n", lines)).isPresent();
    }

    /** Its checkpoints are placeholders: for each this puts a note. */
    private static boolean proof(String text) {
        int blank = text.indexOf("\n\n");
        String note = "text\n\n" + SignedNote.line("key", new byte[4], new byte[64]);
        return TlogProof.parse(blank < 0 ? text : text.substring(0, blank + 2) + note)
                .isPresent();
    }

    private static boolean hasTime(JsonNode row) {
        Optional<byte[]> bytes = Base64s.decode(row.get("sig_base64").textValue());
        boolean right = bytes.isPresent() && bytes.get().length == 4 + 8 + 64;
        if (right) {
            long seconds = new BigInteger(java.util.Arrays.copyOfRange(bytes.get(), 4, 12)).longValue();
            assertThat(seconds).isEqualTo(row.get("want_time").longValue());
        }
        return right;
    }

    @Test
    void notes_of_another_algorithm_are_notes_whose_signatures_are_of_nobody() throws IOException {
        for (JsonNode row :
                MAPPER.readTree(vectors("tlog-formats/ecdsa-notes.json").toFile())) {
            String vkey = row.get("vkey").textValue();
            assertThat(SignedNote.parse(row.get("note").textValue())).as(vkey).isPresent();
            assertThat(catchThrowable(() -> VerifierKey.parse(vkey))).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void every_example_of_the_specifications_is_read() throws IOException {
        int examples = 0;
        for (JsonNode example :
                MAPPER.readTree(vectors("tlog-c2sp-spec/examples.json").toFile())) {
            examples++;
            String name = example.get("name").textValue();
            if (example.has("vkey")) {
                VerifierKey key = VerifierKey.parse(example.get("vkey").textValue());
                SignedNote note =
                        SignedNote.parse(example.get("note").textValue()).orElseThrow();
                assertThat(note.isSignedBy(key)).as(name).isTrue();
            } else if (example.has("note")) {
                SignedNote note =
                        SignedNote.parse(example.get("note").textValue()).orElseThrow();
                assertThat(name.startsWith("signed-note")
                                || Checkpoint.parse(note.text()).isPresent())
                        .as(name)
                        .isTrue();
            } else if (example.has("signed_message")) {
                String[] lines = example.get("signed_message").textValue().split("\n", 3);
                assertThat(new String(
                                Cosignature.message(Long.parseLong(lines[1].substring(5)), lines[2]),
                                StandardCharsets.UTF_8))
                        .isEqualTo(example.get("signed_message").textValue());
            } else if (example.has("policy")) {
                String policy = elided(example.get("policy").textValue());
                assertThatCode(() -> Policy.parse(policy)).as(name).doesNotThrowAnyException();
            } else {
                String body = example.get("request_body").textValue();
                assertThat(SignedNote.parse(body.substring(body.indexOf("\n\n") + 2)))
                        .as(name)
                        .isPresent();
            }
        }
        assertThat(examples).isEqualTo(7);
    }

    /** A key of its own for each that is left out. */
    private static String elided(String policy) {
        String text = policy;
        for (int i = 0; text.contains("<vkey>"); i++) {
            var key = dev.openexec.approval.Ed25519SigningKey.of(
                    Digest.ofUtf8("key " + i).bytes());
            VerifierKey verifier = new VerifierKey("k" + i, VerifierKey.Type.NOTE, key.publicKey());
            text = text.substring(0, text.indexOf("<vkey>")) + verifier + text.substring(text.indexOf("<vkey>") + 6);
        }
        return text;
    }

    private static Path vectors(String file) {
        Path path = Path.of(System.getProperty("openexec.vectors", "../../shared/vectors"), file);
        assumeTrue(Files.exists(path), "no " + file + " under openexec.vectors");
        return path;
    }
}
