package dev.openexec.json;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** What must hold for characters: before the tokenizer sees them, and for every string and name it found. */
final class Text {

    static final int MAX_STRING_OCTETS = 256 * 1024;
    static final int MAX_NAME_CODE_POINTS = 256;

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private Text() {}

    static CharBuffer decode(byte[] utf8) throws MalformedJsonException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(utf8));
        } catch (CharacterCodingException e) {
            throw Rule.INVALID_UTF8.broken();
        }
    }

    /**
     * Refuses what the tokenizer would let pass: a lone surrogate, and an escape whose hexadecimal digits are not
     * ASCII (Jackson looks at the low eight bits only and takes U+0131 for the digit 1).
     */
    static void checkInput(char[] chars, int length) throws MalformedJsonException {
        if (length > 0 && chars[0] == BYTE_ORDER_MARK) {
            throw Rule.BYTE_ORDER_MARK.broken();
        }
        for (int i = 0; i < length; i++) {
            char c = chars[i];
            if (c == '\\') {
                i++;
                if (i < length && chars[i] == 'u') {
                    checkEscape(chars, i + 1, length);
                }
            } else if (Character.isSurrogate(c)) {
                if (Character.isLowSurrogate(c) || i + 1 == length || !Character.isLowSurrogate(chars[i + 1])) {
                    throw Rule.LONE_SURROGATE.broken();
                }
                i++;
            }
        }
    }

    private static void checkEscape(char[] chars, int from, int length) throws MalformedJsonException {
        for (int i = from; i < Math.min(from + 4, length); i++) {
            if (chars[i] > 0x7F) {
                throw Rule.INVALID_SYNTAX.broken();
            }
        }
    }

    static void checkString(String string) throws MalformedJsonException {
        if (utf8Length(string) > MAX_STRING_OCTETS) {
            throw Rule.STRING_TOO_LONG.broken();
        }
    }

    static void checkName(String name) throws MalformedJsonException {
        utf8Length(name);
        if (name.length() > MAX_NAME_CODE_POINTS && name.codePointCount(0, name.length()) > MAX_NAME_CODE_POINTS) {
            throw Rule.NAME_TOO_LONG.broken();
        }
    }

    private static int utf8Length(String string) throws MalformedJsonException {
        int octets = 0;
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (c < 0x80) {
                octets++;
            } else if (c < 0x800) {
                octets += 2;
            } else if (!Character.isSurrogate(c)) {
                octets += 3;
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < string.length()
                    && Character.isLowSurrogate(string.charAt(i + 1))) {
                octets += 4;
                i++;
            } else {
                throw Rule.LONE_SURROGATE.broken();
            }
        }
        return octets;
    }
}
