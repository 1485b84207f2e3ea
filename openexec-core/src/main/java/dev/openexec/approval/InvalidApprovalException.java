package dev.openexec.approval;

/** The artifact does not authorise this request. The message names the rule and repeats nothing of the artifact. */
public final class InvalidApprovalException extends Exception {

    /** What is wrong, as far as a caller acts on it. */
    public enum Fault {
        /** There is no artifact, and one is needed. */
        MISSING,
        /** It is not exactly what version 1 allows. */
        MALFORMED,
        /** It is for another action or payload. */
        HASH_MISMATCH,
        /** No trusted key made its signature. */
        SIGNATURE_INVALID,
        /** It is for another tenant. */
        TENANT_MISMATCH,
        /** It is valid for longer than the policy accepts. */
        LIFETIME_TOO_LONG,
        /** It was issued more than 60 s after now. */
        NOT_YET_VALID,
        /** It has expired. */
        EXPIRED
    }

    private final Fault fault;
    private final String rule;

    InvalidApprovalException(Fault fault, String rule) {
        super("Invalid approval: " + rule);
        this.fault = fault;
        this.rule = rule;
    }

    /** {@return what is wrong} */
    public Fault fault() {
        return fault;
    }

    /** {@return the stable name of the exact rule, for example {@code expires_at-grammar}} */
    public String rule() {
        return rule;
    }
}
