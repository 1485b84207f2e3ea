package dev.openexec.json;

import java.math.BigDecimal;

/** Number literals: which are admitted, and how they are written. */
final class NumberLiteral {

    static final int MAX_DIGITS = 128;

    private NumberLiteral() {}

    /** The value of a literal that is already known to follow the JSON grammar. */
    static Json read(String literal) throws MalformedJsonException {
        int digits = 0;
        boolean integer = true;
        for (int i = 0; i < literal.length(); i++) {
            char c = literal.charAt(i);
            if (c >= '0' && c <= '9') {
                digits++;
            } else if (c == '.' || c == 'e' || c == 'E') {
                integer = false;
            }
        }
        if (digits > MAX_DIGITS) {
            throw Rule.NUMBER_TOO_LONG.broken();
        }
        if (integer) {
            return Json.leaf(Json.Type.INTEGER, literal.equals("-0") ? "0" : literal);
        }
        return readFloat(literal);
    }

    private static Json readFloat(String literal) throws MalformedJsonException {
        double value = Double.parseDouble(literal);
        if (Double.isInfinite(value)) {
            throw Rule.NUMBER_OVERFLOW.broken();
        }
        String canonical = PythonFloat.repr(value);
        if (!canonical.equals(literal) && !denoteTheSame(literal, canonical)) {
            throw Rule.NUMBER_INEXACT.broken();
        }
        return Json.leaf(Json.Type.FLOAT, canonical);
    }

    /** Cheap for any exponent: signs and orders of magnitude are compared before digits are aligned. */
    static boolean denoteTheSame(String literal, String canonical) {
        try {
            return new BigDecimal(literal).compareTo(new BigDecimal(canonical)) == 0;
        } catch (NumberFormatException e) {
            // The exponent does not fit an int: a reader of exact decimals cannot read it at all.
            return false;
        }
    }
}
