package dev.openexec.approval;

/** The artifact does not authorise this request. The message names the rule and repeats nothing of the artifact. */
public final class InvalidApprovalException extends Exception {

    /** What is wrong, as far as a caller acts on it. */
    public enum Fault {
        MISSING,
        MALFORMED,
        HASH_MISMATCH,
        SIGNATURE_INVALID,
        TENANT_MISMATCH,
        LIFETIME_TOO_LONG,
        NOT_YET_VALID,
        EXPIRED
    }

    private final Fault fault;
    private final String rule;

    InvalidApprovalException(Fault fault, String rule) {
        super("Invalid approval: " + rule);
        this.fault = fault;
        this.rule = rule;
    }

    public Fault fault() {
        return fault;
    }

    /** The stable name of the exact rule, for example {@code expires_at-grammar}. */
    public String rule() {
        return rule;
    }
}
