package dev.openexec.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.action.InvalidInputException;
import dev.openexec.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each sum is what {@code python3 -c 'import json; print(json.dumps(a + b))'} prints. */
class AddTest {

    private final Add add = new Add();

    @ParameterizedTest
    @CsvSource({
        "2, 3, 5",
        "0, -0, 0",
        "99999999999999999999, 1, 100000000000000000000",
        "9007199254740993, 0, 9007199254740993",
        "9007199254740993, 0.0, 9007199254740992.0",
        "0.1, 0.2, 0.30000000000000004",
        "1, 2.0, 3.0",
        "-0.0, -0.0, -0.0",
        "0, -0.0, 0.0",
        "1e16, 0, 1e+16",
        "1e23, 0, 1e+23",
        "5e-324, 0, 5e-324",
        "1e308, -1e308, 0.0",
    })
    void a_sum_is_the_one_python_gives(String a, String b, String sum) throws Exception {
        Json payload = Json.parse("{\"a\":" + a + ",\"b\":" + b + "}");

        add.check(payload);
        assertThat(Add.sum(payload).spaced()).isEqualTo("{\"sum\": " + sum + "}");
    }

    @Test
    void a_missing_operand_counts_zero_and_further_members_nothing() throws Exception {
        assertThat(Add.sum(Json.emptyObject()).spaced()).isEqualTo("{\"sum\": 0}");
        assertThat(Add.sum(Json.parse("{\"b\":-0.0,\"c\":7}")).spaced()).isEqualTo("{\"sum\": 0.0}");
    }

    @Test
    void a_sum_that_json_cannot_carry_is_refused_before_anything_runs() throws Exception {
        Json overflow = Json.parse("{\"a\":1e308,\"b\":1e308}");
        Json tooLong = Json.parse("{\"a\":" + "9".repeat(128) + ",\"b\":1}");

        assertThatThrownBy(() -> add.check(overflow)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> add.check(tooLong)).isInstanceOf(InvalidInputException.class);
    }
}
