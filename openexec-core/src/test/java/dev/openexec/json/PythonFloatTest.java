package dev.openexec.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PythonFloatTest {

    @ParameterizedTest
    @CsvSource({
        "0.0, 0.0",
        "-0.0, -0.0",
        "1, 1.0",
        "-1.5, -1.5",
        "100, 100.0",
        "123456.75, 123456.75",
        "9999999, 9999999.0",
        "10000000, 10000000.0",
        "12345678.5, 12345678.5",
        "1234567890123.25, 1234567890123.25",
        "1e15, 1000000000000000.0",
        "9007199254740993, 9007199254740992.0",
        "9999999999999998, 9999999999999998.0",
        "1e16, 1e+16",
        "-1e16, -1e+16",
        "12345678901234567890, 1.2345678901234567e+19",
        "1e22, 1e+22",
        "1e23, 1e+23",
        "2e23, 2e+23",
        "1e100, 1e+100",
        "1.7976931348623157e308, 1.7976931348623157e+308",
        "0.1, 0.1",
        "0.001, 0.001",
        "0.00099, 0.00099",
        "0.0001, 0.0001",
        "-0.00012345, -0.00012345",
        "0.00001, 1e-05",
        "0.000012, 1.2e-05",
        "1e-7, 1e-07",
        "1e-10, 1e-10",
        "2.2250738585072014e-308, 2.2250738585072014e-308",
        "2.2250738585072011e-308, 2.225073858507201e-308",
        "4.9e-324, 5e-324",
        "-4.9e-324, -5e-324",
        "9.9e-324, 1e-323",
        "1.5e-323, 1.5e-323",
        "2e-323, 2e-323",
        "2.5e-323, 2.5e-323",
        "3e-323, 3e-323",
        "8.4e-323, 8.4e-323",
        "5.684341886080802e-14, 5.684341886080802e-14",
    })
    void writes_what_python_writes(double value, String expected) {
        assertThat(PythonFloat.repr(value)).isEqualTo(expected);
    }

    @Test
    void subnormals_of_few_bits_are_shortest_and_closest() {
        for (long bits = 1; bits <= 20_000; bits++) {
            assertShortestAndClosest(Double.longBitsToDouble(bits));
        }
    }

    @Property(tries = 20_000)
    void random_bit_patterns_are_shortest_and_closest(@ForAll("doubles") double value) {
        assertShortestAndClosest(value);
    }

    @Property(tries = 5_000)
    void short_decimals_are_shortest_and_closest(@ForAll("shortDecimals") double value) {
        assertShortestAndClosest(value);
    }

    /** Exact arithmetic: the digits read back, no decimal with fewer digits does, none with as many is closer. */
    private static void assertShortestAndClosest(double value) {
        String text = PythonFloat.repr(value);
        assertThat(Double.doubleToRawLongBits(Double.parseDouble(text)))
                .as(text)
                .isEqualTo(Double.doubleToRawLongBits(value));
        BigDecimal written = new BigDecimal(text).stripTrailingZeros();
        if (written.signum() == 0) {
            return;
        }
        BigDecimal exact = new BigDecimal(value);
        if (written.precision() > 1) {
            int fewer = written.precision() - 1;
            for (RoundingMode mode : new RoundingMode[] {RoundingMode.DOWN, RoundingMode.UP}) {
                assertThat(exact.round(new MathContext(fewer, mode)).doubleValue())
                        .as(text)
                        .isNotEqualTo(value);
            }
        }
        BigDecimal closest = exact.round(new MathContext(written.precision(), RoundingMode.HALF_EVEN));
        assertThat(written.subtract(exact).abs())
                .as(text)
                .isEqualByComparingTo(closest.subtract(exact).abs());
    }

    @Provide
    Arbitrary<Double> doubles() {
        return JsonArbitraries.doubles();
    }

    @Provide
    Arbitrary<Double> shortDecimals() {
        Arbitrary<Integer> digits = Arbitraries.integers().between(-9999, 9999);
        return digits.flatMap(d -> Arbitraries.integers().between(-330, 304).map(e -> Double.parseDouble(d + "e" + e)));
    }
}
