package dev.openexec.json;

/** What must hold for every string and every member name, and for every text that is encoded. */
final class Text {

    static final int MAX_STRING_OCTETS = 256 * 1024;
    static final int MAX_DOCUMENT_OCTETS = 8 * 1024 * 1024;
    static final int MAX_NAME_CODE_POINTS = 256;

    private static final int ILL_FORMED = -1;

    private Text() {}

    /** Whether the text has a UTF-8 form: Java's encoder writes {@code ?} for a lone surrogate, silently. */
    static boolean isWellFormed(String text) {
        return utf8Length(text) != ILL_FORMED;
    }

    static void checkString(String string, int maxOctets) throws MalformedJsonException {
        long octets = utf8Length(string);
        if (octets == ILL_FORMED) {
            throw Rule.LONE_SURROGATE.broken();
        }
        if (octets > maxOctets) {
            throw Rule.STRING_TOO_LONG.broken();
        }
    }

    static void checkName(String name) throws MalformedJsonException {
        if (!isWellFormed(name)) {
            throw Rule.LONE_SURROGATE.broken();
        }
        if (name.codePointCount(0, name.length()) > MAX_NAME_CODE_POINTS) {
            throw Rule.NAME_TOO_LONG.broken();
        }
    }

    private static long utf8Length(String text) {
        long octets = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                octets++;
            } else if (c < 0x800) {
                octets += 2;
            } else if (!Character.isSurrogate(c)) {
                octets += 3;
            } else if (i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1))) {
                octets += 4;
                i++;
            } else {
                return ILL_FORMED;
            }
        }
        return octets;
    }
}
