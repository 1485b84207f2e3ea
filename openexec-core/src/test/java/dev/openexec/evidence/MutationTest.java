package dev.openexec.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.evidence.Verdict.Approved;
import dev.openexec.evidence.Verdict.Invalid;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** One bit is another, anywhere: then nothing is shown. With {@code -Dmutations=100000} more often. */
class MutationTest {

    private static final int MUTATIONS = Integer.getInteger("mutations", 2_000);

    private final Evidence evidence = TestLog.evidence(
            Draft.succeeded("{\"a\": [1, 2.5, \"\\u00e9\"]}").signed().after(1));
    private final Verifier verifier = TestLog.verifier().approvedBy(Draft.APPROVERS);

    @Test
    void without_a_change_it_is_approved() {
        assertThat(verifier.verify(evidence)).isInstanceOf(Approved.class);
        assertThat(verifier.verify(evidence.json())).isInstanceOf(Approved.class);
    }

    @Test
    void any_other_bit_is_refused() {
        Random random = new Random(1);
        List<String> parts = List.of("receipt", "proof", "request", "approval", "result");
        for (int i = 0; i < MUTATIONS; i++) {
            String part = parts.get(i % parts.size());
            int bit = random.nextInt(utf8(part(part)).length * 8);

            Verdict verdict = verifier.verify(mutated(part, bit));

            assertThat(verdict).as("bit %d of the %s", bit, part).isInstanceOf(Invalid.class);
        }
    }

    @Test
    void any_other_bit_of_the_bundle_is_refused() {
        byte[] bundle = utf8(evidence.json());
        Random random = new Random(2);
        for (int i = 0; i < MUTATIONS; i++) {
            int bit = random.nextInt(bundle.length * 8);
            byte[] mutated = flipped(bundle, bit);

            assertThat(Evidence.parse(mutated).map(verifier::verify))
                    .as("bit %d", bit)
                    .satisfiesAnyOf(
                            parsed -> assertThat(parsed).isEmpty(),
                            parsed -> assertThat(parsed.orElseThrow()).isInstanceOf(Invalid.class));
        }
    }

    @Test
    void every_other_bit_of_the_logs_key_is_refused() {
        String key = new TestLog().key.verifierKey().toString();
        byte[] bytes = utf8(key);
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            String mutated = new String(flipped(bytes, bit), StandardCharsets.ISO_8859_1);
            assertThat(isRefused(mutated)).as("bit %d", bit).isTrue();
        }
    }

    @Test
    void every_other_bit_of_a_signature_is_refused() {
        String proof = evidence.proof();
        int signature = proof.lastIndexOf(' ') + 1;
        byte[] line = Base64.getDecoder().decode(proof.substring(signature, proof.length() - 1));
        for (int bit = 0; bit < line.length * 8; bit++) {
            String mutated =
                    proof.substring(0, signature) + Base64.getEncoder().encodeToString(flipped(line, bit)) + "\n";
            assertThat(verifier.verify(new Evidence(evidence.receipt(), mutated, evidence.documents())))
                    .as("bit %d", bit)
                    .isInstanceOf(Invalid.class);
        }
    }

    private boolean isRefused(String key) {
        try {
            return TestLog.verifier(VerifierKey.parse(key)).verify(evidence) instanceof Invalid;
        } catch (IllegalArgumentException e) {
            return true; // it is no key
        }
    }

    private String part(String name) {
        return switch (name) {
            case "receipt" -> evidence.receipt();
            case "proof" -> evidence.proof();
            default -> Objects.requireNonNull(evidence.documents().get(name));
        };
    }

    /** What is not UTF-8 any more is read as one character for each byte, which is another text too. */
    private Evidence mutated(String part, int bit) {
        byte[] bytes = flipped(utf8(part(part)), bit);
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (!Arrays.equals(utf8(text), bytes)) {
            text = new String(bytes, StandardCharsets.ISO_8859_1);
        }
        Map<String, String> documents = new HashMap<>(evidence.documents());
        return switch (part) {
            case "receipt" -> new Evidence(text, evidence.proof(), documents);
            case "proof" -> new Evidence(evidence.receipt(), text, documents);
            default -> {
                documents.put(part, text);
                yield new Evidence(evidence.receipt(), evidence.proof(), documents);
            }
        };
    }

    private static byte[] flipped(byte[] bytes, int bit) {
        byte[] flipped = bytes.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        return flipped;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
