package dev.openexec.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares with the Python that is installed, if one is. */
class PythonOracleTest {

    private static final String REPR_OF_BITS = """
            import struct, sys
            for line in sys.stdin:
                print(repr(struct.unpack(">d", bytes.fromhex(line))[0]))
            """;

    private static final String BOTH_FORMS = """
            import json, sys
            for line in sys.stdin:
                value = json.loads(line)
                print(json.dumps(value, sort_keys=True, separators=(",", ":")))
                print(json.dumps(value, sort_keys=True))
            """;

    private final Random random = new Random(20261122);

    @TempDir
    private Path folder;

    @Test
    void floats_are_written_as_python_writes_them() throws Exception {
        List<Double> values = new ArrayList<>();
        for (long exponent = 0; exponent < 0x7FF; exponent++) {
            long bits = exponent << 52;
            values.add(Double.longBitsToDouble(bits));
            values.add(Double.longBitsToDouble(bits | 0xFFFFFFFFFFFFFL));
            for (int i = 0; i < 20; i++) {
                values.add(Double.longBitsToDouble(bits | random.nextLong() >>> 12));
            }
        }
        for (long bits = 0; bits < 5_000; bits++) {
            values.add(Double.longBitsToDouble(bits));
        }
        for (int i = 0; i < 20_000; i++) {
            values.add(-Double.parseDouble(random.nextInt(10_000) + "e" + (random.nextInt(630) - 325)));
        }
        List<String> answers = python(
                REPR_OF_BITS,
                values.stream()
                        .map(v -> "%016x".formatted(Double.doubleToRawLongBits(v)))
                        .toList());
        assertThat(values.stream().map(PythonFloat::repr)).containsExactlyElementsOf(answers);
    }

    @Test
    void objects_are_written_as_python_writes_them() throws Exception {
        List<String> sent = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            Map<String, Object> members = new HashMap<>();
            for (int m = random.nextInt(8); m > 0; m--) {
                members.put(text(), List.of(text(), Map.of(text(), random.nextLong())));
            }
            Json json = Json.of(members);
            sent.add(json.canonical());
            expected.add(json.canonical());
            expected.add(json.spaced());
        }
        assertThat(python(BOTH_FORMS, sent)).containsExactlyElementsOf(expected);
    }

    private String text() {
        int[] limits = {0x20, 0x80, 0x100, 0x800, 0x10000, 0x110000};
        return random.ints(random.nextInt(6), 0, limits.length)
                .map(limit -> random.nextInt(limits[limit]))
                .filter(c -> c < 0xD800 || c > 0xDFFF)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private List<String> python(String script, List<String> lines) throws IOException, InterruptedException {
        Path input = Files.write(folder.resolve("input"), lines);
        Path output = folder.resolve("output");
        Process process;
        try {
            process = new ProcessBuilder("python3", "-c", script)
                    .redirectInput(input.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "no python3 on the path");
            throw e;
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return Files.readAllLines(output);
    }
}
