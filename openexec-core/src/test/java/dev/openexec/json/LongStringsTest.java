package dev.openexec.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class LongStringsTest {

    private static final int MOST = 8 * 1024 * 1024;

    @Test
    void a_string_of_a_document_may_be_longer() throws Exception {
        String longer = "a".repeat(256 * 1024 + 1);
        Json document = Json.ofDocument(Map.of("a", longer));

        assertThat(Json.parseDocument(document.canonical())).isEqualTo(document);
        assertTooLong(() -> Json.parse(document.canonical()));
        assertThatIllegalArgumentException().isThrownBy(() -> Json.of(Map.of("a", longer)));
    }

    @Test
    void but_not_longer_than_8_mebibytes() throws Exception {
        String most = "\u00e9".repeat(MOST / 2);

        assertThat(Json.parseDocument("\"" + most + "\"").asString()).isEqualTo(most);
        assertTooLong(() -> Json.parseDocument("\"" + most + "a\""));
        assertThatIllegalArgumentException().isThrownBy(() -> Json.ofDocument(Map.of("a", most + "a")));
    }

    /** Of which 16 MiB would be millions. */
    @Test
    void a_document_has_at_most_10000_values() throws Exception {
        String most = "[0" + ",0".repeat(9_998) + "]";
        String more = "[0" + ",0".repeat(9_999) + "]";
        String members = "{\"a\":[{}" + ",{}".repeat(9_997) + "],\"b\":0}";

        assertThat(Json.parseDocument(most).items()).hasSize(9_999);
        assertBroken("too-many-values", () -> Json.parseDocument(more));
        assertBroken("too-many-values", () -> Json.parseDocument(members));
        assertThat(Json.parse(more).items()).hasSize(10_000);
    }

    private static void assertTooLong(ThrowingCallable reading) {
        assertBroken("string-too-long", reading);
    }

    private static void assertBroken(String rule, ThrowingCallable reading) {
        assertThatThrownBy(reading)
                .isInstanceOfSatisfying(
                        MalformedJsonException.class, e -> assertThat(e.rule()).isEqualTo(rule));
    }
}
