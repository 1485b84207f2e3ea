package dev.openexec.json;

/**
 * The text is not JSON that everyone reads alike. The message names the rule and never contains the text.
 */
public final class MalformedJsonException extends Exception {

    private final String rule;

    MalformedJsonException(String rule) {
        super("Malformed JSON: " + rule);
        this.rule = rule;
    }

    /** The stable name of the rule that was broken, for example {@code duplicate-member}. */
    public String rule() {
        return rule;
    }
}
