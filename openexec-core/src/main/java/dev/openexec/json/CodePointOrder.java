package dev.openexec.json;

/**
 * Compares strings by Unicode code point, as Python does. {@link String#compareTo} compares UTF-16 units, which puts
 * everything beyond U+FFFF before U+E000.
 */
final class CodePointOrder {

    private CodePointOrder() {}

    /** Negative, zero or positive. */
    static int compare(String left, String right) {
        int shared = Math.min(left.length(), right.length());
        for (int i = 0; i < shared; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                // A surrogate stands for a code point above every one that needs none.
                int bySurrogate = Boolean.compare(Character.isSurrogate(a), Character.isSurrogate(b));
                return bySurrogate != 0 ? bySurrogate : Character.compare(a, b);
            }
        }
        return Integer.compare(left.length(), right.length());
    }
}
