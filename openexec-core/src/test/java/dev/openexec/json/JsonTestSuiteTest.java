package dev.openexec.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The public JSONTestSuite: n_ must be refused, y_ is JSON, i_ is left to the reader. */
class JsonTestSuiteTest {

    private static final String ACCEPTED = "accepted";
    private static final Path SUITE = Path.of(System.getProperty("openexec.vectors", ""), "jsontestsuite");

    /** JSON by its grammar, refused by a documented rule. */
    private static final Map<String, String> REFUSED_THOUGH_JSON = Map.of(
            "y_object_duplicated_key.json", "duplicate-member",
            "y_object_duplicated_key_and_value.json", "duplicate-member");

    private static final Map<String, String> LEFT_TO_THE_READER = Map.ofEntries(
            Map.entry("i_number_double_huge_neg_exp.json", "number-inexact"),
            Map.entry("i_number_huge_exp.json", "number-too-long"),
            Map.entry("i_number_neg_int_huge_exp.json", "number-overflow"),
            Map.entry("i_number_pos_double_huge_exp.json", "number-overflow"),
            Map.entry("i_number_real_neg_overflow.json", "number-overflow"),
            Map.entry("i_number_real_pos_overflow.json", "number-overflow"),
            Map.entry("i_number_real_underflow.json", "number-inexact"),
            Map.entry("i_number_too_big_neg_int.json", ACCEPTED),
            Map.entry("i_number_too_big_pos_int.json", ACCEPTED),
            Map.entry("i_number_very_big_negative_int.json", ACCEPTED),
            Map.entry("i_object_key_lone_2nd_surrogate.json", "lone-surrogate"),
            Map.entry("i_string_1st_surrogate_but_2nd_missing.json", "lone-surrogate"),
            Map.entry("i_string_1st_valid_surrogate_2nd_invalid.json", "lone-surrogate"),
            Map.entry("i_string_UTF-16LE_with_BOM.json", "invalid-utf8"),
            Map.entry("i_string_UTF-8_invalid_sequence.json", "invalid-utf8"),
            Map.entry("i_string_UTF8_surrogate_U+D800.json", "invalid-utf8"),
            Map.entry("i_string_incomplete_surrogate_and_escape_valid.json", "lone-surrogate"),
            Map.entry("i_string_incomplete_surrogate_pair.json", "lone-surrogate"),
            Map.entry("i_string_incomplete_surrogates_escape_valid.json", "lone-surrogate"),
            Map.entry("i_string_invalid_lonely_surrogate.json", "lone-surrogate"),
            Map.entry("i_string_invalid_surrogate.json", "lone-surrogate"),
            Map.entry("i_string_invalid_utf-8.json", "invalid-utf8"),
            Map.entry("i_string_inverted_surrogates_U+1D11E.json", "lone-surrogate"),
            Map.entry("i_string_iso_latin_1.json", "invalid-utf8"),
            Map.entry("i_string_lone_second_surrogate.json", "lone-surrogate"),
            Map.entry("i_string_lone_utf8_continuation_byte.json", "invalid-utf8"),
            Map.entry("i_string_not_in_unicode_range.json", "invalid-utf8"),
            Map.entry("i_string_overlong_sequence_2_bytes.json", "invalid-utf8"),
            Map.entry("i_string_overlong_sequence_6_bytes.json", "invalid-utf8"),
            Map.entry("i_string_overlong_sequence_6_bytes_null.json", "invalid-utf8"),
            Map.entry("i_string_truncated-utf-8.json", "invalid-utf8"),
            Map.entry("i_string_utf16BE_no_BOM.json", "invalid-utf8"),
            Map.entry("i_string_utf16LE_no_BOM.json", "invalid-utf8"),
            Map.entry("i_structure_500_nested_arrays.json", "too-deep"),
            Map.entry("i_structure_UTF-8_BOM_empty_object.json", "byte-order-mark"));

    /** Texts on whose meaning parsers were found to differ. */
    private static final Map<String, String> TRANSFORMED_DIFFERENTLY = Map.ofEntries(
            Map.entry("number_-9223372036854775808.json", "[-9223372036854775808]"),
            Map.entry("number_-9223372036854775809.json", "[-9223372036854775809]"),
            Map.entry("number_1.0.json", "[1.0]"),
            Map.entry("number_1.000000000000000005.json", "number-inexact"),
            Map.entry("number_1000000000000000.json", "[1000000000000000]"),
            Map.entry("number_10000000000000000999.json", "[10000000000000000999]"),
            Map.entry("number_1e-999.json", "number-inexact"),
            Map.entry("number_1e6.json", "[1000000.0]"),
            Map.entry("number_9223372036854775807.json", "[9223372036854775807]"),
            Map.entry("number_9223372036854775808.json", "[9223372036854775808]"),
            Map.entry("object_key_nfc_nfd.json", "{\"e\\u0301\":\"NFD\",\"\\u00e9\":\"NFC\"}"),
            Map.entry("object_key_nfd_nfc.json", "{\"e\\u0301\":\"NFD\",\"\\u00e9\":\"NFC\"}"),
            Map.entry("object_same_key_different_values.json", "duplicate-member"),
            Map.entry("object_same_key_same_value.json", "duplicate-member"),
            Map.entry("object_same_key_unclear_values.json", "duplicate-member"),
            Map.entry("string_1_escaped_invalid_codepoint.json", "lone-surrogate"),
            Map.entry("string_1_invalid_codepoint.json", "invalid-utf8"),
            Map.entry("string_2_escaped_invalid_codepoints.json", "lone-surrogate"),
            Map.entry("string_2_invalid_codepoints.json", "invalid-utf8"),
            Map.entry("string_3_escaped_invalid_codepoints.json", "lone-surrogate"),
            Map.entry("string_3_invalid_codepoints.json", "invalid-utf8"),
            Map.entry("string_with_escaped_NULL.json", "[\"A\\u0000B\"]"));

    @BeforeAll
    static void suite_is_present() {
        assumeTrue(Files.isDirectory(SUITE), "no JSONTestSuite under openexec.vectors");
    }

    @Test
    void everything_that_is_not_json_is_refused() throws IOException {
        Map<String, String> verdicts = verdicts("n_");
        assertThat(verdicts).hasSize(188);
        assertThat(verdicts.values()).doesNotContain(ACCEPTED);
    }

    @Test
    void all_json_is_accepted_apart_from_documented_rules() throws IOException {
        Map<String, String> verdicts = verdicts("y_");
        assertThat(verdicts).hasSize(95).containsAllEntriesOf(REFUSED_THOUGH_JSON);
        verdicts.keySet().removeAll(REFUSED_THOUGH_JSON.keySet());
        assertThat(verdicts.values()).containsOnly(ACCEPTED);
    }

    @Test
    void what_is_left_to_the_reader_is_decided_by_our_rules() throws IOException {
        assertThat(verdicts("i_")).containsExactlyInAnyOrderEntriesOf(LEFT_TO_THE_READER);
    }

    @Test
    void what_is_accepted_has_the_hash_that_python_gives() throws IOException {
        int compared = 0;
        for (JsonNode row : new ObjectMapper()
                .readerFor(JsonNode.class)
                .<JsonNode>readValues(SUITE.resolve("python311-verdicts.jsonl").toFile())
                .readAll()) {
            String file = row.get("file").textValue();
            try {
                Json json = Json.parse(Files.readAllBytes(SUITE.resolve("test_parsing/" + file)));
                assertThat(Digest.ofUtf8(json.canonical()).hex())
                        .as(file)
                        .isEqualTo(row.get("canonical_sha256").textValue());
                compared++;
            } catch (MalformedJsonException e) {
                // the other tests say which files may be refused
            }
        }
        assertThat(compared).isEqualTo(95 - REFUSED_THOUGH_JSON.size() + 3);
    }

    @Test
    void texts_that_parsers_transform_differently_keep_their_meaning_or_are_refused() throws IOException {
        Map<String, String> results = new TreeMap<>();
        try (Stream<Path> files = Files.list(SUITE.resolve("test_transform"))) {
            for (Path file : files.toList()) {
                String result;
                try {
                    result = Json.parse(Files.readAllBytes(file)).canonical();
                } catch (MalformedJsonException e) {
                    result = e.rule();
                }
                results.put(file.getFileName().toString(), result);
            }
        }
        assertThat(results).containsExactlyInAnyOrderEntriesOf(TRANSFORMED_DIFFERENTLY);
    }

    private static Map<String, String> verdicts(String prefix) throws IOException {
        Map<String, String> verdicts = new TreeMap<>();
        try (Stream<Path> files = Files.list(SUITE.resolve("test_parsing"))) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.startsWith(prefix)) {
                    verdicts.put(name, verdict(Files.readAllBytes(file)));
                }
            }
        }
        return verdicts;
    }

    private static String verdict(byte[] bytes) {
        try {
            Json.parse(bytes);
            return ACCEPTED;
        } catch (MalformedJsonException e) {
            return e.rule();
        }
    }
}
