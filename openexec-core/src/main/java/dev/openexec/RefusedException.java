package dev.openexec;

import java.util.Locale;

/** The boundary said no. Nothing ran, and neither the nonce nor the approval was spent by this request. */
public final class RefusedException extends Exception {

    /** Why. The names are stable; over HTTP they appear in lower case with hyphens. */
    public enum Reason {
        /** The executor is at work on as many requests as it takes at once. */
        OVERLOADED,
        /** The executor is closing. */
        SHUTTING_DOWN,
        /** The action's name, the payload's shape or the nonce is not of the documented form. */
        INVALID_REQUEST,
        /** Signed mode, and the request carries no approval. */
        APPROVAL_MISSING,
        /** The artifact is not exactly what version 1 allows. */
        APPROVAL_MALFORMED,
        /** The artifact is for another action or payload. */
        APPROVAL_HASH_MISMATCH,
        /** No trusted key made this signature. */
        APPROVAL_SIGNATURE_INVALID,
        /** The artifact is for another tenant. */
        APPROVAL_TENANT_MISMATCH,
        /** The artifact is valid for longer than this executor accepts. */
        APPROVAL_LIFETIME_TOO_LONG,
        /** The artifact was issued in the future. */
        APPROVAL_NOT_YET_VALID,
        /** The artifact has expired. */
        APPROVAL_EXPIRED,
        /** The artifact was issued too early for this ledger: an earlier one may have executed it. */
        APPROVAL_BEFORE_LEDGER,
        /** The artifact was spent under another nonce. */
        APPROVAL_ALREADY_USED,
        /** The action is not on the allow-list. */
        ACTION_NOT_ALLOWED,
        /** No such action is registered. */
        UNKNOWN_ACTION,
        /** The payload is not the action's input, or the action refused it before doing anything. */
        INVALID_INPUT,
        /** The nonce belongs to another request, another approval or another authority. */
        NONCE_REUSED,
        /** This very request was executed and succeeded, and its result has been erased since. It does not run again. */
        RESULT_ERASED,
        /** What was executed under this nonce, or with this approval, has been erased since. It does not run again. */
        EXECUTION_ERASED;

        /** {@return the problem name: {@code NONCE_REUSED} is {@code nonce-reused}} */
        public String problem() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Reason reason;
    private final String rule;

    RefusedException(Reason reason, String rule) {
        super(reason.problem() + (rule.isEmpty() ? "" : ": " + rule));
        this.reason = reason;
        this.rule = rule;
    }

    RefusedException(Reason reason) {
        this(reason, "");
    }

    /** {@return why} */
    public Reason reason() {
        return reason;
    }

    /**
     * {@return the finer rule, a stable name such as {@code expires_at-grammar}; empty where the reason says it all}
     */
    public String rule() {
        return rule;
    }
}
