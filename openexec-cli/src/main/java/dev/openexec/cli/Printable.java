package dev.openexec.cli;

/**
 * Text that somebody else has chosen, for a terminal: nothing but printable ASCII, in which every text has its own form, and
 * never long.
 */
final class Printable {

    private static final int LONGEST = 200;

    private Printable() {}

    /** Everything else as {@code \}{@code uXXXX}, the backslash included; of a long text the beginning, and its length. */
    static String of(String text) {
        StringBuilder printable = new StringBuilder();
        text.chars().limit(LONGEST).forEach(c -> {
            if (c >= ' ' && c < 0x7f && c != '\\') {
                printable.append((char) c);
            } else {
                printable.append(String.format("\\u%04x", c));
            }
        });
        if (text.length() > LONGEST) {
            printable.append("... (").append(text.length()).append(" characters)");
        }
        return printable.toString();
    }
}
