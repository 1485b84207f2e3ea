package dev.openexec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.action.InvalidInputException;
import dev.openexec.json.Json;
import dev.openexec.json.MalformedJsonException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputBinderTest {

    enum Currency {
        EUR,
        USD
    }

    record Line(String text, BigDecimal price) {}

    record Order(
            String id,
            long quantity,
            double weight,
            boolean express,
            Currency currency,
            List<Line> lines,
            Map<String, Integer> tags) {}

    record Positive(int amount) {
        Positive {
            if (amount <= 0) {
                throw new IllegalArgumentException("amount");
            }
        }
    }

    record Single(float ratio) {}

    record Dated(List<java.time.Instant> times) {}

    record Wrapped(Map<String, Nested> map) {}

    record Nested(java.util.Optional<String> maybe) {}

    record Keyed(Map<java.time.Instant, String> map) {}

    record KeyedByThread(Map<Thread, String> map) {}

    record Open(Thread thread) {}

    record Faceless(Runnable what) {}

    record Whole(List<Json> parts) {}

    sealed interface Target permits Account {}

    record Account(String number) implements Target {}

    record Sealed(Target target) {}

    private static final String ORDER = """
            {"id":"o-1","quantity":9007199254740993,"weight":0.5,"express":true,"currency":"EUR",
             "lines":[{"text":"tea","price":1.50},{"text":"big","price":1e+23}],"tags":{"b":2,"a":1}}""";

    @Test
    void a_record_gets_exactly_what_was_sent() throws Exception {
        Order order = InputBinder.of(Order.class).bind(Json.parse(ORDER));
        assertThat(order.quantity()).isEqualTo(9007199254740993L);
        assertThat(order.lines().get(0).price()).isEqualByComparingTo("1.5");
        assertThat(order.lines().get(1).price()).isEqualByComparingTo("1e23");
        assertThat(order.currency()).isEqualTo(Currency.EUR);
        assertThat(order.tags()).containsEntry("a", 1);
    }

    @Test
    void json_is_handed_over_as_it_is() throws Exception {
        Json payload = Json.parse(ORDER);
        assertThat(InputBinder.of(Json.class).bind(payload)).isSameAs(payload);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"o-1\" | 1 | input-mismatch",
                "9007199254740993 | 9007199254740993.0 | number-inexact",
                "9007199254740993 | 3.0 | input-mismatch",
                "9007199254740993 | \"3\" | input-mismatch",
                "9007199254740993 | null | input-mismatch",
                "9007199254740993 | true | input-mismatch",
                "9007199254740993 | 99999999999999999999 | input-mismatch",
                "9007199254740993 | \"\" | input-mismatch",
                "9007199254740993 | [3] | input-mismatch",
                "0.5 | \"0.5\" | input-mismatch",
                "0.5 | 1 | input-mismatch",
                "0.5 | null | input-mismatch",
                "true | 1 | input-mismatch",
                "true | \"true\" | input-mismatch",
                "true | \"\" | input-mismatch",
                "\"EUR\" | 0 | input-mismatch",
                "\"EUR\" | \"eur\" | input-mismatch",
                "\"EUR\" | \"\" | input-mismatch",
                "1.50 | \"1.50\" | input-mismatch",
                "\"b\":2 | \"b\":2.0 | input-mismatch",
                "\"b\":2 | \"b\":\"2\" | input-mismatch",
                "\"id\" | \"more\":1,\"id\" | unknown-member",
                "\"express\":true, | `` | input-mismatch",
            })
    void anything_missing_unknown_or_coerced_is_refused(String good, String bad, String code) {
        String changed = ORDER.replace(good, bad);
        assertThat(changed).isNotEqualTo(ORDER);
        assertThatThrownBy(() -> InputBinder.of(Order.class).bind(Json.parse(changed)))
                .satisfies(e -> assertThat(code(e)).isEqualTo(code));
    }

    @Test
    void what_binding_would_lose_is_refused_although_jackson_takes_it() throws Exception {
        assertThatThrownBy(() -> InputBinder.of(Single.class).bind(Json.of(Map.of("ratio", 0.1234567891))))
                .satisfies(e -> assertThat(code(e)).isEqualTo("input-not-exact"));
        assertThat(InputBinder.of(Single.class).bind(Json.of(Map.of("ratio", 0.25))))
                .isEqualTo(new Single(0.25f));
    }

    @Test
    void a_record_may_refuse_in_its_constructor() throws Exception {
        assertThat(InputBinder.of(Positive.class).bind(Json.of(Map.of("amount", 1))))
                .isEqualTo(new Positive(1));
        assertThatThrownBy(() -> InputBinder.of(Positive.class).bind(Json.of(Map.of("amount", 0))))
                .satisfies(e -> assertThat(code(e)).isEqualTo("input-mismatch"));
    }

    @Test
    void a_type_that_cannot_be_bound_is_found_out_at_once() {
        assertThatThrownBy(() -> InputBinder.of(String.class)).isInstanceOf(IllegalArgumentException.class);
        for (Class<?> type : List.of(
                Open.class,
                Dated.class,
                Keyed.class,
                KeyedByThread.class,
                Wrapped.class,
                Faceless.class,
                Whole.class,
                Sealed.class)) {
            assertThatThrownBy(() -> InputBinder.of(type)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static String code(Throwable e) {
        return e instanceof InvalidInputException invalid ? invalid.code() : ((MalformedJsonException) e).rule();
    }
}
