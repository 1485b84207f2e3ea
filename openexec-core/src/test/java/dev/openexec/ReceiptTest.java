package dev.openexec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReceiptTest {

    @Test
    void every_receipt_of_the_reference_gets_the_reference_s_verdict() throws IOException {
        List<String> rows = rows();
        int valid = 0;
        for (String row : rows) {
            JsonNode json = JsonMapper.builder().build().readTree(row);
            Receipt receipt = new Receipt(
                    json.get("exec_id").asText(),
                    json.get("result_json").asText(),
                    json.get("receipt").asText());
            boolean expected = json.get("ref_verify").asBoolean();
            assertThat(receipt.isValid()).as(json.get("id").asText()).isEqualTo(expected);
            valid += expected ? 1 : 0;
        }
        assertThat(rows).hasSize(46);
        assertThat(valid).isEqualTo(16);
    }

    @Test
    void a_receipt_that_was_made_is_valid_and_shows_no_result() {
        Receipt receipt = Receipt.of("13a57bf5-b757-4e2b-aec9-4ac0136c9bf0", "{\"secret\": 1}");
        assertThat(receipt.isValid()).isTrue();
        assertThat(receipt.toString()).doesNotContain("secret");
    }

    private static List<String> rows() throws IOException {
        try (InputStream in = ReceiptTest.class.getResourceAsStream("/reference-artifacts/receipts.jsonl")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
