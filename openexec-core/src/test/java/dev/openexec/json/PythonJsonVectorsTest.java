package dev.openexec.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Golden data made by CPython 3.11.7: what it writes for what it reads, and what it does not read. */
class PythonJsonVectorsTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void every_case_is_byte_equal_in_both_forms_or_refused_by_a_named_rule() throws IOException {
        int equal = 0;
        Map<String, Integer> refused = new TreeMap<>();
        for (JsonNode row : rows("cases.jsonl")) {
            Json json;
            try {
                json = Json.parse(row.get("input_json").textValue());
            } catch (MalformedJsonException e) {
                refused.merge(e.rule(), 1, Integer::sum);
                continue;
            }
            String id = row.get("id").textValue();
            assertThat(json.canonical())
                    .as(id)
                    .isEqualTo(row.get("canonical_compact").textValue());
            assertThat(json.spaced())
                    .as(id)
                    .isEqualTo(row.get("canonical_spaced").textValue());
            assertThat(Digest.ofUtf8(json.canonical()).hex())
                    .as(id)
                    .isEqualTo(row.get("sha256").textValue());
            equal++;
        }
        assertThat(equal).isEqualTo(464);
        assertThat(refused)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "number-inexact", 74,
                        "lone-surrogate", 21,
                        "number-overflow", 4,
                        "number-too-long", 3,
                        "duplicate-member", 2,
                        "too-deep", 2,
                        "non-finite-number", 1));
        assertThat(refused.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(107);
    }

    @Test
    void whatever_python_does_not_read_is_refused() throws IOException {
        List<JsonNode> rows = rows("rejected.jsonl");
        assertThat(rows).hasSize(38);
        for (JsonNode row : rows) {
            assertThatThrownBy(() -> Json.parse(row.get("input_json").textValue()))
                    .as(row.get("id").textValue())
                    .isInstanceOf(MalformedJsonException.class);
        }
    }

    private static List<JsonNode> rows(String file) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(PythonJsonVectorsTest.class.getResourceAsStream("/python-json/" + file)),
                StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                rows.add(MAPPER.readTree(line));
            }
        }
        return rows;
    }
}
