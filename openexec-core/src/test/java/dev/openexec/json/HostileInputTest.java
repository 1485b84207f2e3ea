package dev.openexec.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Inputs made to be expensive or to be read differently: each ends at once, under its rule. */
@Timeout(value = 10, unit = TimeUnit.SECONDS)
class HostileInputTest {

    private static final int MEGA = 1 << 20;

    static Stream<Arguments> refused() {
        String escape = "\\u";
        return Stream.of(
                Arguments.of("too-deep", "[".repeat(100_000)),
                Arguments.of("too-deep", "[".repeat(100_000) + "]".repeat(100_000)),
                Arguments.of("too-deep", "{\"a\":".repeat(100_000)),
                Arguments.of("too-deep", "[{\"a\":".repeat(100_000)),
                Arguments.of("number-too-long", "9".repeat(MEGA)),
                Arguments.of("number-too-long", "-" + "9".repeat(MEGA)),
                Arguments.of("number-too-long", "0." + "3".repeat(MEGA)),
                Arguments.of("number-too-long", "0." + "0".repeat(MEGA)),
                Arguments.of("number-too-long", "1e" + "9".repeat(MEGA)),
                Arguments.of("number-too-long", "1e-" + "0".repeat(MEGA)),
                Arguments.of("number-overflow", "1e99999999999"),
                Arguments.of("number-overflow", "1e2147483647"),
                Arguments.of("number-overflow", "1e2147483648"),
                Arguments.of("number-overflow", "-1e999999999"),
                Arguments.of("number-inexact", "1e-99999999999"),
                Arguments.of("number-inexact", "1e-2147483647"),
                Arguments.of("number-inexact", "1e-2147483648"),
                Arguments.of("number-inexact", "1e-999999999"),
                Arguments.of("number-inexact", "0e99999999999"),
                Arguments.of("string-too-long", '"' + "a".repeat(MEGA) + '"'),
                Arguments.of("string-too-long", '"' + (escape + "0001").repeat(MEGA) + '"'),
                Arguments.of("name-too-long", "{\"" + "a".repeat(MEGA) + "\":1}"),
                Arguments.of("invalid-syntax", "\"" + "a".repeat(MEGA)),
                Arguments.of("invalid-syntax", "\"" + "\\".repeat(MEGA + 1)),
                Arguments.of("invalid-syntax", "x".repeat(MEGA)),
                Arguments.of("invalid-syntax", " ".repeat(MEGA)),
                Arguments.of("invalid-syntax", "1".repeat(MEGA) + "x"),
                Arguments.of("trailing-content", "1 ".repeat(MEGA)),
                Arguments.of("lone-surrogate", '"' + (escape + "d800").repeat(MEGA) + '"'));
    }

    @ParameterizedTest(name = "{index}: {0}")
    @MethodSource("refused")
    void is_refused_at_once_under_its_rule(String rule, String text) {
        assertThat(ruleOf(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(rule);
    }

    @ParameterizedTest(name = "{index}: {0}")
    @MethodSource("refused")
    void a_refusal_is_short_and_quotes_nothing(String rule, String text) {
        try {
            Json.parse(text);
        } catch (MalformedJsonException e) {
            assertThat(e).hasMessage("Malformed JSON: " + rule).hasNoCause();
            assertThat(e.getSuppressed()).isEmpty();
        }
    }

    @Test
    void zero_with_a_huge_exponent_is_zero() throws MalformedJsonException {
        assertThat(Json.parse("[0e999999999,-0E-999999999]").canonical()).isEqualTo("[0.0,-0.0]");
    }

    @Test
    void names_with_one_hash_are_no_burden() throws MalformedJsonException {
        List<String> names = new ArrayList<>(List.of(""));
        for (int round = 0; round < 16; round++) {
            List<String> longer = new ArrayList<>();
            for (String name : names) {
                longer.add(name + "Aa");
                longer.add(name + "BB");
            }
            names = longer;
        }
        assertThat(names.stream().map(String::hashCode).distinct()).hasSize(1);
        StringBuilder text = new StringBuilder("{");
        for (int i = names.size() - 1; i >= 0; i--) {
            text.append('"').append(names.get(i)).append("\":0").append(i == 0 ? "}" : ",");
        }
        assertThat(Json.parse(text.toString()).names()).containsExactlyElementsOf(names);
    }

    @Test
    void a_duplicate_among_many_members_is_found() {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < 100_000; i++) {
            text.append("\"").append(i * 7919 % 100_000).append("\":0,");
        }
        assertThat(ruleOf((text + "\"4711\":0}").getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("duplicate-member");
        assertThat(ruleOf((text + "\"x\":0}").getBytes(StandardCharsets.UTF_8))).isEqualTo("none");
    }

    private static String ruleOf(byte[] text) {
        try {
            Json.parse(text);
            return "none";
        } catch (MalformedJsonException e) {
            return e.rule();
        }
    }
}
