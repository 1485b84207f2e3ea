package dev.openexec.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc8032.Ed25519.PublicPoint;
import org.junit.jupiter.api.Test;

/** The strict profile against the public vectors. */
class Ed25519VectorsTest {

    @Test
    void every_wycheproof_verdict_is_right() throws IOException {
        JsonNode file = vectors("wycheproof/ed25519_test.json");
        int valid = 0;
        int invalid = 0;
        for (JsonNode group : file.get("testGroups")) {
            byte[] key = hex(group.get("publicKey").get("pk"));
            for (JsonNode test : group.get("tests")) {
                boolean expected = test.get("result").asText().equals("valid");
                assertThat(verify(key, hex(test.get("msg")), hex(test.get("sig"))))
                        .as("tcId " + test.get("tcId"))
                        .isEqualTo(expected);
                if (expected) {
                    valid++;
                } else {
                    invalid++;
                }
            }
        }
        assertThat(valid).isEqualTo(88);
        assertThat(invalid).isEqualTo(63);
    }

    @Test
    void every_rfc_8032_vector_verifies_exactly_if_it_is_pure_ed25519() throws IOException {
        JsonNode file = vectors("rfc8032/rfc8032.json");
        assertThat(file).hasSize(10);
        for (JsonNode vector : file) {
            assertThat(verify(hex(vector.get("public")), hex(vector.get("message")), hex(vector.get("signature"))))
                    .as(vector.get("name").asText())
                    .isEqualTo(vector.get("verify_as_pure_ed25519").asBoolean());
        }
    }

    /** The twelve edge cases of "Taming the many EdDSAs": lenient verifiers accept some of them, each others. */
    @Test
    void no_case_that_verifiers_disagree_on_is_accepted() throws IOException {
        JsonNode file = vectors("ed25519-speccheck/cases.json");
        assertThat(file).hasSize(12);
        for (int i = 0; i < file.size(); i++) {
            JsonNode vector = file.get(i);
            assertThat(verify(hex(vector.get("pub_key")), hex(vector.get("message")), hex(vector.get("signature"))))
                    .as("case " + i)
                    .isFalse();
        }
    }

    private static boolean verify(byte[] key, byte[] message, byte[] signature) {
        Optional<PublicPoint> point = Ed25519.strongKey(key);
        return point.isPresent() && Ed25519.verify(point.get(), message, signature);
    }

    private static byte[] hex(JsonNode text) {
        return HexFormat.of().parseHex(text.asText());
    }

    private static JsonNode vectors(String file) throws IOException {
        Path path = Path.of(System.getProperty("openexec.vectors", "../../shared/vectors"), file);
        assumeTrue(Files.exists(path), "No vectors at " + path);
        return JsonMapper.builder().build().readTree(path.toFile());
    }
}
