package dev.openexec.action;

import java.util.regex.Pattern;

/**
 * The form of a code: short, printable everywhere, and no place for payload data. A code of another form is replaced
 * rather than refused: its author has something definite to say, which an exception in its place would turn into doubt.
 */
final class Code {

    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

    private Code() {}

    static String wellFormed(String code) {
        return FORM.matcher(code).matches() ? code : "malformed-code";
    }
}
