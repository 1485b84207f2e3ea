package dev.openexec.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void shows_every_type() throws MalformedJsonException {
        Json json = Json.parse("""
                {"text": "\\u00e9", "list": [1, 2.5], "yes": true, "no": false, "none": null, "object": {}}
                """);
        assertThat(json.type()).isEqualTo(Json.Type.OBJECT);
        assertThat(json.names()).containsExactly("list", "no", "none", "object", "text", "yes");
        assertThat(json.get("text")).map(Json::asString).contains("\u00E9");
        List<Json> items = json.get("list").orElseThrow().items();
        assertThat(items).extracting(Json::type).containsExactly(Json.Type.INTEGER, Json.Type.FLOAT);
        assertThat(items.get(0).asInteger()).isEqualTo(BigInteger.ONE);
        assertThat(items.get(1).asDouble()).isEqualTo(2.5);
        assertThat(json.get("yes")).map(Json::asBoolean).contains(true);
        assertThat(json.get("no")).map(Json::asBoolean).contains(false);
        assertThat(json.get("none")).map(Json::type).contains(Json.Type.NULL);
        assertThat(json.get("object")).contains(Json.emptyObject());
        assertThat(json.get("missing")).isEmpty();
    }

    @Test
    void a_part_has_its_own_canonical_text() throws MalformedJsonException {
        Json part = Json.parse("{\"b\":{\"d\":1,\"c\":[ ]}}").get("b").orElseThrow();
        assertThat(part.canonical()).isEqualTo("{\"c\":[],\"d\":1}");
        assertThat(part.spaced()).isEqualTo("{\"c\": [], \"d\": 1}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "\"1\"", "1", "1.0", "true", "null"})
    void every_view_but_its_own_is_refused(String text) throws MalformedJsonException {
        Json json = Json.parse(text);
        Map<Json.Type, Runnable> views = Map.of(
                Json.Type.OBJECT, json::names,
                Json.Type.ARRAY, json::items,
                Json.Type.STRING, json::asString,
                Json.Type.INTEGER, json::asInteger,
                Json.Type.FLOAT, json::asDouble,
                Json.Type.BOOLEAN, json::asBoolean);
        views.forEach((type, view) -> {
            if (type == json.type()) {
                view.run();
            } else {
                assertThatIllegalStateException()
                        .isThrownBy(view::run)
                        .withMessage("Not " + type + " but " + json.type());
            }
        });
        if (json.type() != Json.Type.OBJECT) {
            assertThatIllegalStateException().isThrownBy(() -> json.get("a"));
        }
    }

    @Test
    void views_cannot_change_it() throws MalformedJsonException {
        Json json = Json.parse("{\"a\":[1]}");
        assertThatThrownBy(() -> json.names().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> json.get("a").orElseThrow().items().clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"1|1.0", "1|'\"1\"'", "0.0|-0.0", "{}|[]", "null|false", "[1]|[[1]]"})
    void different_values_are_not_equal(String left, String right) throws MalformedJsonException {
        assertThat(Json.parse(left)).isNotEqualTo(Json.parse(right));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "-0|0",
                "1.50|1.5",
                "1E2|100.0",
                "-0e5|-0.0",
                "\"\\u0041\"|\"A\"",
                "[ 1 ]|[1]",
                "{\"b\":1,\"a\":2}|{\"a\":2,\"b\":1}"
            })
    void other_spellings_of_a_value_are_equal(String spelling, String canonical) throws MalformedJsonException {
        assertThat(Json.parse(spelling)).isEqualTo(Json.parse(canonical)).hasSameHashCodeAs(Json.parse(canonical));
        assertThat(Json.parse(spelling).canonical()).isEqualTo(canonical);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {"1|1", "[]|1", "{}|1", "[1]|2", "{\"a\":[{}]}|3", "[[],[[]]]|3"})
    void depth_counts_the_value_itself(String text, int depth) throws MalformedJsonException {
        assertThat(Json.parse(text).depth()).isEqualTo(depth);
    }

    @Test
    void its_string_form_shows_no_content() throws MalformedJsonException {
        assertThat(Json.parse("[\"secret\"]")).hasToString("Json[ARRAY]");
    }

    @Test
    void limits_include_their_last_value() throws MalformedJsonException {
        Json.parse("[".repeat(64) + "]".repeat(64));
        Json.parse("[".repeat(63) + "1" + "]".repeat(63));
        Json.parse("9".repeat(128));
        Json.parse("-1." + "0".repeat(127));
        Json.parse('"' + "\u00E9".repeat(131_072) + '"');
        Json.parse("{\"" + Character.toString(0x1F600).repeat(256) + "\":1}");
        assertRefused("too-deep", "[".repeat(65) + "]".repeat(65));
        assertRefused("too-deep", "[".repeat(64) + "1" + "]".repeat(64));
        assertRefused("number-too-long", "9".repeat(129));
        assertRefused("number-too-long", "-1." + "0".repeat(128));
        assertRefused("string-too-long", '"' + "\u00E9".repeat(131_072) + "a\"");
        assertRefused("name-too-long", "{\"" + Character.toString(0x1F600).repeat(257) + "\":1}");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "duplicate-member|{\"a\":1,\"a\":1}",
                "duplicate-member|{\"a\":1,\"\\u0061\":2}",
                "duplicate-member|{\"b\":1,\"a\":1,\"b\":2}",
                "duplicate-member|[{\"a\":{\"\":1,\"\":2}}]",
                "non-finite-number|NaN",
                "non-finite-number|[Infinity]",
                "non-finite-number|{\"a\":-Infinity}",
                "non-finite-number|[+Infinity]",
                "non-finite-number|[-INF]",
                "invalid-syntax|[-NaN]",
                "invalid-syntax|[Infinityx]",
                "number-overflow|1e309",
                "number-overflow|-1.7976931348623159e308",
                "number-inexact|0.1000000000000000055",
                "number-inexact|4.9e-324",
                "number-inexact|9007199254740993.0",
                "number-inexact|1e-400",
                "trailing-content|1 2",
                "trailing-content|{}x",
                "trailing-content|[]]",
                "trailing-content|{} /**/",
                "trailing-content|null,",
                "lone-surrogate|\"\\ud83d\"",
                "lone-surrogate|\"\\ude00\\ud83d\"",
                "lone-surrogate|{\"\\ud83d\\n\":1}",
                "lone-surrogate|\"\\ud83d\\\\ude00\"",
                "invalid-syntax|",
                "invalid-syntax|[1,]",
                "invalid-syntax|{\"a\":1,}",
                "invalid-syntax|[01]",
                "invalid-syntax|[+1]",
                "invalid-syntax|[1.]",
                "invalid-syntax|[.5]",
                "invalid-syntax|['a']",
                "invalid-syntax|{a:1}",
                "invalid-syntax|[1",
                "invalid-syntax|\"\\x41\"",
                "invalid-syntax|\"\\u004\"",
                "invalid-syntax|\"\\u 041\"",
                "invalid-syntax|//\n1"
            })
    void a_broken_rule_is_named(String rule, String text) {
        assertRefused(rule, text == null ? "" : text);
    }

    @Test
    void digits_outside_ascii_are_no_digits() {
        assertRefused("invalid-syntax", "\"\\u004\u0131\"");
        assertRefused("invalid-syntax", "\"\\u004\uFF11\"");
        assertRefused("invalid-syntax", "\uFF11");
        assertRefused("invalid-syntax", "1\u0661");
    }

    @Test
    void only_four_characters_are_white_space() throws MalformedJsonException {
        assertThat(Json.parse(" \t\r\n1 \t\r\n").canonical()).isEqualTo("1");
        for (char c : "\u0000\u000B\f\u001E\u00A0\u2003\u2028".toCharArray()) {
            assertRefused("invalid-syntax", c + "1");
        }
    }

    @Test
    void raw_text_with_a_lone_surrogate_is_refused() throws MalformedJsonException {
        assertThat(Json.parse("\"\uD83D\uDE00\"")).isEqualTo(Json.parse("\"\\uD83D\\ude00\""));
        assertRefused("lone-surrogate", "\"\uD83D\"");
        assertRefused("lone-surrogate", "\"\uDE00\"");
        assertRefused("lone-surrogate", "{\"\uD83Dx\":1}");
        assertRefused("lone-surrogate", "\"\uD83D" + "\\ude00\"");
        assertRefused("lone-surrogate", "\"\\ud83d\uDE00\"");
        assertRefused("lone-surrogate", "\"\uD83D");
    }

    @Test
    void a_byte_order_mark_is_refused() throws MalformedJsonException {
        assertRefused("byte-order-mark", "\uFEFF1");
        assertBytesRefused("byte-order-mark", "efbbbf7b7d");
        assertThat(Json.parse("\"\uFEFF\"").asString()).isEqualTo("\uFEFF");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "22c08022", // overlong
                "22e0808022",
                "22eda08022", // a surrogate
                "22f490808022", // beyond U+10FFFF
                "22c322", // cut short
                "228022",
                "22e922", // Latin-1
                "fffe7b007d00", // UTF-16 with its mark
                "feff007b007d"
            })
    void bytes_that_are_not_utf8_are_refused(String hex) {
        assertBytesRefused("invalid-utf8", hex);
    }

    @Test
    void utf16_without_a_mark_is_refused() {
        assertBytesRefused("invalid-syntax", "7b007d00");
        assertBytesRefused("invalid-syntax", "007b007d");
    }

    private static void assertRefused(String rule, String text) {
        assertThatThrownBy(() -> Json.parse(text))
                .isInstanceOfSatisfying(
                        MalformedJsonException.class, e -> assertThat(e.rule()).isEqualTo(rule));
    }

    private static void assertBytesRefused(String rule, String hex) {
        assertThatThrownBy(() -> Json.parse(HexFormat.of().parseHex(hex)))
                .isInstanceOfSatisfying(
                        MalformedJsonException.class, e -> assertThat(e.rule()).isEqualTo(rule));
    }
}
