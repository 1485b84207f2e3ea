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

    private static void assertTooLong(ThrowingCallable reading) {
        assertThatThrownBy(reading)
                .isInstanceOfSatisfying(
                        MalformedJsonException.class, e -> assertThat(e.rule()).isEqualTo("string-too-long"));
    }
}
