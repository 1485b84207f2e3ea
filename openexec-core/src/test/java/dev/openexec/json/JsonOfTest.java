package dev.openexec.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JsonOfTest {

    static Stream<Arguments> taken() throws MalformedJsonException {
        return Stream.of(
                Arguments.of(true, "true"),
                Arguments.of("a\u007F\u00E9\uD83D\uDE00/\"\\\n", "\"a\\u007f\\u00e9\\ud83d\\ude00/\\\"\\\\\\n\""),
                Arguments.of(Integer.MIN_VALUE, "-2147483648"),
                Arguments.of(Long.MAX_VALUE, "9223372036854775807"),
                Arguments.of(BigInteger.TEN.pow(127), "1" + "0".repeat(127)),
                Arguments.of(1.0, "1.0"),
                Arguments.of(-0.0, "-0.0"),
                Arguments.of(Double.MIN_VALUE, "5e-324"),
                Arguments.of(Double.MAX_VALUE, "1.7976931348623157e+308"),
                Arguments.of(0.5f, "0.5"),
                Arguments.of(16777216f, "16777216.0"),
                Arguments.of(new BigDecimal("5"), "5"),
                Arguments.of(new BigDecimal("5.00"), "5.0"),
                Arguments.of(new BigDecimal("0.1"), "0.1"),
                Arguments.of(new BigDecimal("1e3"), "1000.0"),
                Arguments.of(Arrays.asList(1, null, "x"), "[1,null,\"x\"]"),
                Arguments.of(Map.of("b", 1, "a", List.of()), "{\"a\":[],\"b\":1}"),
                Arguments.of(Json.parse("[1.50]"), "[1.5]"));
    }

    @ParameterizedTest
    @MethodSource("taken")
    void takes_what_json_can_say(Object value, String canonical) {
        assertThat(Json.of(Map.of("v", value)).canonical()).isEqualTo("{\"v\":" + canonical + "}");
    }

    static Stream<Arguments> refused() {
        List<Object> cyclicList = new ArrayList<>();
        cyclicList.add(cyclicList);
        cyclicList.add(cyclicList);
        Map<String, Object> cyclicMap = new HashMap<>();
        cyclicMap.put("self", List.of(cyclicMap));
        return Stream.of(
                Arguments.of(Double.NaN, "non-finite-number"),
                Arguments.of(Double.NEGATIVE_INFINITY, "non-finite-number"),
                Arguments.of(Float.NaN, "non-finite-number"),
                Arguments.of(Float.POSITIVE_INFINITY, "non-finite-number"),
                Arguments.of(0.1f, "number-inexact"),
                Arguments.of(new BigDecimal("0.1000000000000000055"), "number-inexact"),
                Arguments.of(new BigDecimal("4.9e-324"), "number-inexact"),
                Arguments.of(new BigDecimal("1e400"), "number-overflow"),
                Arguments.of(new BigDecimal(BigInteger.ONE, Integer.MAX_VALUE), "number-inexact"),
                Arguments.of(new BigDecimal(BigInteger.ONE, Integer.MIN_VALUE), "number-overflow"),
                Arguments.of(new BigDecimal("1".repeat(129)), "number-too-long"),
                Arguments.of(BigInteger.TEN.pow(128), "number-too-long"),
                Arguments.of("\uD800", "lone-surrogate"),
                Arguments.of("\uDC00\uD800", "lone-surrogate"),
                Arguments.of(Map.of("x\uDFFF", 1), "lone-surrogate"),
                Arguments.of("\u00E9".repeat(131_073), "string-too-long"),
                Arguments.of(Map.of("n".repeat(257), 1), "name-too-long"),
                Arguments.of(cyclicList, "too-deep"),
                Arguments.of(cyclicMap, "too-deep"),
                Arguments.of(new int[] {1}, "[I is not supported"),
                Arguments.of('c', "java.lang.Character is not supported"),
                Arguments.of((short) 1, "java.lang.Short is not supported"),
                Arguments.of(URI.create("secret:x"), "java.net.URI is not supported"),
                Arguments.of(Map.of(1, 2), "a member name is not a string"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refuses_what_json_cannot_say_and_shows_no_value(Object value, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.of(Map.of("v", value)))
                .withMessage("Not a JSON value: " + why);
    }

    @Test
    void a_member_without_a_name_is_refused() {
        Map<String, Object> members = new HashMap<>();
        members.put(null, 1);
        assertThatIllegalArgumentException().isThrownBy(() -> Json.of(members));
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.SECONDS)
    void a_huge_number_is_refused_without_writing_its_digits() {
        BigInteger huge = BigInteger.ONE.shiftLeft(100_000_000);
        for (Number number : List.of(huge, new BigDecimal(huge), new BigDecimal(huge, 30_000_000))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Json.of(Map.of("v", number)))
                    .withMessage("Not a JSON value: number-too-long");
        }
    }

    @Test
    void takes_a_copy() {
        List<Object> items = new ArrayList<>(List.of(1));
        Map<String, Object> members = new HashMap<>(Map.of("a", items));
        Json json = Json.of(members);
        items.add(2);
        members.put("b", 3);
        assertThat(json.canonical()).isEqualTo("{\"a\":[1]}");
    }

    @Test
    void a_value_at_level_64_is_the_deepest() throws MalformedJsonException {
        Json deepest = Json.parse("[".repeat(63) + "]".repeat(63));
        assertThat(Json.of(Map.of("a", deepest)).depth()).isEqualTo(64);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.of(Map.of("a", List.of(deepest))))
                .withMessage("Not a JSON value: too-deep");
    }

    @Test
    void an_empty_map_is_the_empty_object() {
        assertThat(Json.of(Map.of())).isEqualTo(Json.emptyObject());
        assertThat(Json.emptyObject().canonical()).isEqualTo("{}");
    }
}
