package dev.openexec.action;

import java.util.regex.Pattern;

/** The form of a code: short, printable everywhere, and no place for payload data. */
final class Code {

    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

    private Code() {}

    static String checked(String code) {
        if (!FORM.matcher(code).matches()) {
            throw new IllegalArgumentException("A code is 1 to 64 of a-z, 0-9 and hyphen");
        }
        return code;
    }
}
