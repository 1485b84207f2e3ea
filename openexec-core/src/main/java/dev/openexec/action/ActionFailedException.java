package dev.openexec.action;

/**
 * Thrown by an action to say: it definitely did not happen. The failure is recorded and replayed, and the nonce stays
 * spent. Anything else an action throws means that the outcome is unknown.
 */
public final class ActionFailedException extends Exception {

    private final String code;

    /**
     * A definite failure.
     *
     * @param code a stable name for callers, matching {@code [a-z0-9][a-z0-9-]{0,63}}; never payload
     *     data. Any other is replaced by {@code malformed-code}
     */
    public ActionFailedException(String code) {
        super("Action failed: " + Code.wellFormed(code));
        this.code = Code.wellFormed(code);
    }

    /** {@return the stable name of the failure} */
    public String code() {
        return code;
    }
}
