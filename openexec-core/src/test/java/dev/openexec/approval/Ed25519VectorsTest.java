package dev.openexec.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc8032.Ed25519.PublicPoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The strict profile against the public vectors. */
class Ed25519VectorsTest {

    private static final String SOUND_KEY = "2549cd8495fd1dee3ee18c00ce4e56ce81b698b01f879d8a8d3b13c5fe512674";
    private static final String SOUND_SIGNATURE = "7767a3242dc9b58bbc68488c1265cc6cc5f26c6f3c88a5d55e901b0734dca572"
            + "fc168d447dd8adb4afce3499a12bfde14b941ceaebfae40b3f59af84f7ab820d";

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

    /**
     * A sound key, and signatures over "openexec" that fulfil the cofactored equation: each was made with that key, and
     * with a wrong R.
     */
    @ParameterizedTest
    @CsvSource({
        "mixed order: a point of order 8 added, 6a84d583f06569edb3f5ed77df65544b27d6948b4f0b2cb76f33dd8413b20719, c2d6da21f7056ef8bc47808eb0f9a2f4ba4cbc6eb3fd8f71550262f9afce7d03",
        "mixed order: a point of order 2 added, 76985cdbd2364a744397b773ed9a33933a0d9390c3775a2aa16fe4f8cb235a8d, f043888b6131371d8a4169f63db9f48cab043383cd8485a98bcd48e9775a4500",
        "small order: 8, c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a, 30bc13aac87ac5f72431099b4e253549619e4f73e222e3eea0c832ae217d0e05",
        "small order: 1, 0100000000000000000000000000000000000000000000000000000000000000, ccd841ce26625098a62c5695807323e3a92c0db723e94ce71d5b88f157a98f01",
        "non-canonical: y = p + 1, eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f, 2aa06c450310362f11a532840c9003ea71848c0320a90fa55e5a233ebd7b7908",
        "non-canonical: -0, 0100000000000000000000000000000000000000000000000000000000000080, 28640e33f28effc22c73fbf2833ea37bda08eff7941b844a88710f93bcfdef07",
        "non-canonical: y = p, edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f, 03714f254ac318733cc6d2ec51d87a1d0ff0ce72d9478ddf9c6e03461f3d4005",
    })
    void a_signature_whose_r_is_not_a_canonical_point_of_prime_order_is_refused(String what, String r, String s) {
        byte[] key = HexFormat.of().parseHex(SOUND_KEY);
        byte[] message = "openexec".getBytes(StandardCharsets.US_ASCII);

        assertThat(verify(key, message, HexFormat.of().parseHex(SOUND_SIGNATURE)))
                .isTrue();
        assertThat(verify(key, message, HexFormat.of().parseHex(r + s))).isFalse();
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
