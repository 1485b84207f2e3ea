package dev.openexec.action;

/**
 * Thrown by an action to say: it definitely did not happen. The failure is recorded and replayed, and the nonce stays
 * spent. Anything else an action throws means that the outcome is unknown.
 */
public final class ActionFailedException extends Exception {

    private final String code;

    /**
     * @param code a stable name for callers, matching {@code [a-z0-9][a-z0-9-]{0,63}}; never payload data
     * @throws IllegalArgumentException if the code has another form
     */
    public ActionFailedException(String code) {
        super("Action failed: " + code);
        this.code = Code.checked(code);
    }

    /** The stable name of the failure. */
    public String code() {
        return code;
    }
}
