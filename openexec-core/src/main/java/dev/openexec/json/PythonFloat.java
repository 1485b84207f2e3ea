package dev.openexec.json;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** The text of a double as {@code repr(float)} of CPython 3 gives it: the shortest decimal that reads back. */
final class PythonFloat {

    /**
     * The doubles with so few bits that two decimal digits can say less than one, by their bits; filled when first asked
     * for. Each takes arithmetic on hundreds of digits, which a body full of them must not buy more than once.
     */
    private static final @Nullable String[] TINY = new String[100];

    private static final MathContext ONE_DIGIT = new MathContext(1, RoundingMode.HALF_EVEN);

    private PythonFloat() {}

    /** The text of a finite double. */
    static String repr(double value) {
        long magnitude = Double.doubleToRawLongBits(Math.abs(value));
        if (magnitude != 0 && magnitude < TINY.length) {
            return (value < 0 ? "-" : "") + tiny((int) magnitude);
        }
        // JDK 17's Double.toString is not the shortest form (1e23); Jackson's fast writer is.
        String shortest = NumberOutput.toString(value, true);
        int exponentMark = shortest.indexOf('E');
        return exponentMark < 0 ? shortest : scientific(shortest, exponentMark);
    }

    /**
     * The shortest form in Java's sense has at least two digits and is the closest such decimal: {@code 4.9E-324}
     * where one digit is enough. That can only differ where a step of one hundredth stays within the same double.
     */
    private static String tiny(int bits) {
        String known = TINY[bits]; // two threads may both find nothing and write the same text
        if (known == null) {
            known = shortestOf(Double.longBitsToDouble(bits));
            TINY[bits] = known;
        }
        return known;
    }

    private static String shortestOf(double value) {
        BigDecimal oneDigit = new BigDecimal(value).round(ONE_DIGIT);
        String shortest = oneDigit.doubleValue() == value ? oneDigit.toString() : NumberOutput.toString(value, true);
        return scientific(shortest, shortest.indexOf('E'));
    }

    /** From Java's {@code d.ddE[-]n} to Python's form: fixed from 1e-4 up to below 1e16, else a two-digit exponent. */
    private static String scientific(String shortest, int exponentMark) {
        String sign = shortest.startsWith("-") ? "-" : "";
        String mantissa = shortest.substring(sign.length(), exponentMark);
        if (mantissa.endsWith(".0")) {
            mantissa = mantissa.substring(0, mantissa.length() - 2);
        }
        String digits = mantissa.replace(".", "");
        int exponent = Integer.parseInt(shortest.substring(exponentMark + 1));
        if (exponent >= 16 || exponent < -4) {
            String power = Integer.toString(Math.abs(exponent));
            return sign + mantissa + (exponent < 0 ? "e-" : "e+") + (power.length() < 2 ? "0" : "") + power;
        }
        if (exponent < 0) {
            return sign + "0." + "0".repeat(-exponent - 1) + digits;
        }
        if (digits.length() <= exponent + 1) {
            return sign + digits + "0".repeat(exponent + 1 - digits.length()) + ".0";
        }
        return sign + digits.substring(0, exponent + 1) + "." + digits.substring(exponent + 1);
    }
}
