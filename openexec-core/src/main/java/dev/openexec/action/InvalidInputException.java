package dev.openexec.action;

/** Thrown by {@link Action#check} to refuse an input before anything is claimed. */
public final class InvalidInputException extends Exception {

    private final String code;

    /**
     * A refusal of an input.
     *
     * @param code a stable name for callers, matching {@code [a-z0-9][a-z0-9-]{0,63}}; never payload
     *     data. Any other is replaced by {@code malformed-code}
     */
    public InvalidInputException(String code) {
        super("Invalid input: " + Code.wellFormed(code));
        this.code = Code.wellFormed(code);
    }

    /** {@return the stable name of what is wrong with the input} */
    public String code() {
        return code;
    }
}
