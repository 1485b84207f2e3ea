package dev.openexec.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Copies Java values into a tree, under the same rules as text. */
final class JavaValues {

    /** More bits than any integer of {@link NumberLiteral#MAX_DIGITS} digits has. */
    private static final int MAX_BITS = 4 * NumberLiteral.MAX_DIGITS;

    private final int maxStringOctets;

    private JavaValues(int maxStringOctets) {
        this.maxStringOctets = maxStringOctets;
    }

    static Json copy(Map<?, ?> members, int maxStringOctets) {
        try {
            return new JavaValues(maxStringOctets).object(members, 1);
        } catch (MalformedJsonException e) {
            throw new IllegalArgumentException("Not a JSON value: " + e.rule(), e);
        }
    }

    private Json value(@Nullable Object value, int level) throws MalformedJsonException {
        if (level > Json.MAX_DEPTH) {
            throw Rule.TOO_DEEP.broken();
        }
        if (value == null) {
            return Json.NULL;
        } else if (value instanceof String string) {
            Text.checkString(string, maxStringOctets);
            return Json.leaf(Json.Type.STRING, string);
        } else if (value instanceof Boolean truth) {
            return truth ? Json.TRUE : Json.FALSE;
        } else if (value instanceof Number number) {
            return number(number);
        } else if (value instanceof Map<?, ?> members) {
            return object(members, level);
        } else if (value instanceof List<?> items) {
            return array(items, level);
        } else if (value instanceof Json json) {
            return json(json, level);
        }
        throw unsupported(value);
    }

    private Json object(Map<?, ?> map, int level) throws MalformedJsonException {
        Members members = new Members();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String name)) {
                throw new IllegalArgumentException("Not a JSON value: a member name is not a string");
            }
            members.add(name, value(entry.getValue(), level + 1));
        }
        return members.toJson();
    }

    private Json array(List<?> list, int level) throws MalformedJsonException {
        List<Json> items = new ArrayList<>();
        for (Object item : list) {
            items.add(value(item, level + 1));
        }
        return Json.array(items);
    }

    private static Json json(Json json, int level) throws MalformedJsonException {
        if (level - 1 + json.depth() > Json.MAX_DEPTH) {
            throw Rule.TOO_DEEP.broken();
        }
        return json;
    }

    private static Json number(Number number) throws MalformedJsonException {
        if (number instanceof Integer || number instanceof Long) {
            return Json.leaf(Json.Type.INTEGER, number.toString());
        } else if (number instanceof BigInteger integer) {
            return literal(integer, integer);
        } else if (number instanceof BigDecimal decimal) {
            return literal(decimal, decimal.unscaledValue());
        } else if (number instanceof Double || number instanceof Float) {
            return floating(number);
        }
        throw unsupported(number);
    }

    private static Json floating(Number number) throws MalformedJsonException {
        if (!Double.isFinite(number.doubleValue())) {
            throw Rule.NON_FINITE_NUMBER.broken();
        }
        // widening is exact, but what shows as 0.1f would be written as 0.10000000149011612
        String canonical = PythonFloat.repr(number.doubleValue());
        if (number instanceof Float && !NumberLiteral.denoteTheSame(number.toString(), canonical)) {
            throw Rule.NUMBER_INEXACT.broken();
        }
        return Json.leaf(Json.Type.FLOAT, canonical);
    }

    /** Looks at the size first: the decimal digits of a huge number are expensive. */
    private static Json literal(Number number, BigInteger significand) throws MalformedJsonException {
        if (significand.bitLength() > MAX_BITS) {
            throw Rule.NUMBER_TOO_LONG.broken();
        }
        return NumberLiteral.read(number.toString());
    }

    private static IllegalArgumentException unsupported(Object value) {
        return new IllegalArgumentException(
                "Not a JSON value: " + value.getClass().getName() + " is not supported");
    }
}
