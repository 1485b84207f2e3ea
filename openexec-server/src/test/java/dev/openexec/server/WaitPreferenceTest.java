package dev.openexec.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7240. */
class WaitPreferenceTest {

    private static Optional<WaitPreference> in(String... fields) {
        HeaderMap headers = new HeaderMap();
        for (String field : fields) {
            headers.add(new HttpString("prefer"), field);
        }
        return WaitPreference.in(headers);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "wait=0 | 0",
                "wait=7 | 7",
                "Wait = 7 | 7",
                "wait=\"7\" | 7",
                "wait=007 | 7",
                "respond-async, wait=7 | 7",
                "respond-async; foo=\"a, wait=1\", wait=7; bar=9 | 7",
                "foo=\"\\\", wait=1\", wait=7 | 7",
                ",, wait=7 ,, | 7",
                "wait=7, wait=9 | 7",
                "wait=20 | 20",
            })
    void a_number_of_seconds_is_honoured(String field, int seconds) {
        assertThat(in(field)).hasValueSatisfying(wait -> {
            assertThat(wait.budget()).isEqualTo(Duration.ofSeconds(seconds));
            assertThat(wait.applied()).isEqualTo("wait=" + seconds);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "wait",
                "wait=",
                "wait=\"\"",
                "wait=-1",
                "wait=+1",
                "wait=1.5",
                "wait=1s",
                "wait=\"7",
                "wait=7\"",
                "wait=٧",
                "wait=7 7",
                "wait=x, wait=7",
                "waiting=7",
                "respond-async; wait=7",
                "foo=\"wait=7, wait=7\"",
                "foo=\"wait=7, wait=7\\",
            })
    void what_is_malformed_is_as_if_it_were_not_there(String field) {
        assertThat(in(field)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait=21", "wait=99999999999999999999999999"})
    void more_than_the_most_counts_as_the_most_and_is_not_called_honoured(String field) {
        assertThat(in(field)).hasValueSatisfying(wait -> {
            assertThat(wait.budget()).isEqualTo(Duration.ofSeconds(20));
            assertThat(wait.applied()).isNull();
        });
    }

    @Test
    void several_fields_are_one_list() {
        assertThat(in("respond-async", "wait=7", "wait=9"))
                .map(WaitPreference::budget)
                .contains(Duration.ofSeconds(7));
        assertThat(WaitPreference.in(new HeaderMap())).isEmpty();
    }
}
