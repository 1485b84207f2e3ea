package dev.openexec.json;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Writes a tree as RFC 8785 has it: members in the order of their UTF-16 code units, numbers as ECMAScript writes them. */
final class JcsWriter {

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final StringBuilder out;

    JcsWriter(StringBuilder out) {
        this.out = out;
    }

    static String write(Json json) {
        StringBuilder out = new StringBuilder();
        new JcsWriter(out).value(json);
        return out.toString();
    }

    private void value(Json json) {
        switch (json.type()) {
            case OBJECT -> object(json.nameList(), json.children());
            case ARRAY -> array(json.children());
            case STRING -> string(json.text());
            case INTEGER -> out.append(number(exactly(json.text())));
            case FLOAT -> out.append(number(Double.parseDouble(json.text())));
            case BOOLEAN, NULL -> out.append(json.text());
        }
    }

    private void object(List<String> names, List<Json> values) {
        out.append('{');
        int[] order = IntStream.range(0, names.size())
                .boxed()
                .sorted(Comparator.comparing(names::get))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int i = 0; i < order.length; i++) {
            if (i > 0) {
                out.append(',');
            }
            string(names.get(order[i]));
            out.append(':');
            value(values.get(order[i]));
        }
        out.append('}');
    }

    private void array(List<Json> items) {
        out.append('[');
        for (int i = 0; i < items.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            value(items.get(i));
        }
        out.append(']');
    }

    /** Every number of RFC 8785 is a double: what is none would become another number. */
    private static double exactly(String integer) {
        double value = Double.parseDouble(integer);
        if (Double.isInfinite(value) || new BigDecimal(value).compareTo(new BigDecimal(integer)) != 0) {
            throw new IllegalStateException("An integer that is no double has no form in RFC 8785");
        }
        return value;
    }

    /** As ECMAScript's Number::toString, from the shortest digits that read back. */
    static String number(double value) {
        if (value == 0) {
            return "0"; // of both signs
        }
        BigDecimal shortest = new BigDecimal(PythonFloat.repr(Math.abs(value))).stripTrailingZeros();
        String digits = shortest.unscaledValue().toString();
        int point = digits.length() - shortest.scale(); // where the decimal point stands in the digits
        String magnitude;
        if (point > 21 || point < -5) {
            String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
            int exponent = point - 1;
            magnitude = digits.charAt(0) + fraction + (exponent < 0 ? "e-" : "e+") + Math.abs(exponent);
        } else if (point <= 0) {
            magnitude = "0." + "0".repeat(-point) + digits;
        } else if (point >= digits.length()) {
            magnitude = digits + "0".repeat(point - digits.length());
        } else {
            magnitude = digits.substring(0, point) + "." + digits.substring(point);
        }
        return (value < 0 ? "-" : "") + magnitude;
    }

    void string(String string) {
        out.append('"');
        int plainFrom = 0;
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (c < ' ' || c == '"' || c == '\\') {
                out.append(string, plainFrom, i).append('\\');
                escape(c);
                plainFrom = i + 1;
            }
        }
        out.append(string, plainFrom, string.length()).append('"');
    }

    private void escape(char c) {
        switch (c) {
            case '"', '\\' -> out.append(c);
            case '\n' -> out.append('n');
            case '\r' -> out.append('r');
            case '\t' -> out.append('t');
            case '\b' -> out.append('b');
            case '\f' -> out.append('f');
            default -> out.append("u00").append(HEX[c >> 4]).append(HEX[c & 0xF]);
        }
    }
}
