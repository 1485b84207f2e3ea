package dev.openexec.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the author of RFC 8785 publishes beside it. */
class JcsVectorsTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void every_pair_is_byte_equal() throws IOException {
        int pairs = 0;
        try (DirectoryStream<Path> inputs = Files.newDirectoryStream(vectors("input"))) {
            for (Path input : inputs) {
                String expected = Files.readString(vectors("output").resolve(input.getFileName()));
                Object value = MAPPER.readValue(input.toFile(), Object.class); // strict parsing refuses inexact numbers
                assertThat(Json.of(Map.of("", value)).jcs())
                        .as(input.getFileName().toString())
                        .isEqualTo("{\"\":" + expected.strip() + "}");
                pairs++;
            }
        }
        assertThat(pairs).isEqualTo(6);
    }

    @Test
    void every_number_is_written_as_ecmascript_does() throws IOException {
        List<String> lines = Files.readAllLines(vectors("es6testfile10k.txt"), StandardCharsets.US_ASCII);
        for (String line : lines) {
            String[] parts = line.split(",", -1);
            double value = Double.longBitsToDouble(Long.parseUnsignedLong(parts[0], 16));
            assertThat(JcsWriter.number(value)).as(line).isEqualTo(parts[1]);
        }
        assertThat(lines).hasSize(10_000);
    }

    @Test
    void an_integer_that_is_no_double_has_no_form() throws MalformedJsonException {
        Json exact = Json.parse("9007199254740992");
        Json inexact = Json.parse("9007199254740993");
        Json huge = Json.parse("1".repeat(128));

        assertThat(exact.jcs()).isEqualTo("9007199254740992");
        assertThatIllegalStateException().isThrownBy(inexact::jcs);
        assertThatIllegalStateException().isThrownBy(huge::jcs);
    }

    private static Path vectors(String file) {
        Path path = Path.of(System.getProperty("openexec.vectors", "../../shared/vectors"), "cyberphone-jcs", file);
        assumeTrue(Files.exists(path), "no cyberphone-jcs under openexec.vectors");
        return path;
    }
}
