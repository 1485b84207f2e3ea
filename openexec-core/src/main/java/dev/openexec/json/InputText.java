package dev.openexec.json;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Untrusted text before the tokenizer sees it: decoded strictly, and refused where Jackson would let it pass. It takes
 * lone surrogates, and it looks at the low eight bits of an escape's digits only, so that U+0131 counts as a 1.
 */
final class InputText {

    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final int ESCAPE_LENGTH = 6;

    private final char[] chars;
    private final int length;

    private InputText(char[] chars, int length) {
        this.chars = chars;
        this.length = length;
    }

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

    static void check(char[] chars, int length) throws MalformedJsonException {
        if (length > 0 && chars[0] == BYTE_ORDER_MARK) {
            throw Rule.BYTE_ORDER_MARK.broken();
        }
        new InputText(chars, length).checkCharacters();
    }

    private void checkCharacters() throws MalformedJsonException {
        int i = 0;
        while (i < length) {
            char c = chars[i];
            if (c == '\\') {
                i = afterEscape(i);
            } else if (Character.isSurrogate(c)) {
                requirePair(c, i + 1 < length ? chars[i + 1] : 0);
                i += 2;
            } else {
                i++;
            }
        }
    }

    private int afterEscape(int start) throws MalformedJsonException {
        if (!isUnicodeEscape(start)) {
            return start + 2;
        }
        char c = unescape(start);
        int next = start + ESCAPE_LENGTH;
        if (!Character.isSurrogate(c)) {
            return next;
        }
        requirePair(c, isUnicodeEscape(next) ? unescape(next) : 0);
        return next + ESCAPE_LENGTH;
    }

    /** Whether a complete escape with four digits can start here; the tokenizer refuses one cut short. */
    private boolean isUnicodeEscape(int start) {
        return start + ESCAPE_LENGTH <= length && chars[start] == '\\' && chars[start + 1] == 'u';
    }

    private char unescape(int start) throws MalformedJsonException {
        int unit = 0;
        for (int i = start + 2; i < start + ESCAPE_LENGTH; i++) {
            if (!HexFormat.isHexDigit(chars[i])) {
                throw Rule.INVALID_SYNTAX.broken();
            }
            unit = unit << 4 | HexFormat.fromHexDigit(chars[i]);
        }
        return (char) unit;
    }

    /** Both halves raw or both escaped: a raw half followed by an escaped one was never UTF-8. */
    private static void requirePair(char first, int second) throws MalformedJsonException {
        if (!Character.isSurrogatePair(first, (char) second)) {
            throw Rule.LONE_SURROGATE.broken();
        }
    }
}
