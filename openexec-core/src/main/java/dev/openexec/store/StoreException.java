package dev.openexec.store;

import java.util.Locale;

/**
 * The ledger could not be used. The message never contains SQL, payloads or a password. As a failure of a claim it means
 * that nothing ran.
 */
public final class StoreException extends RuntimeException {

    /** What is wrong, as a stable name. */
    public enum Reason {
        /** It cannot be reached or answered with an error. */
        STORE_UNAVAILABLE,
        /** It can be read and not written. */
        STORE_READ_ONLY,
        /** There is no room left. */
        STORE_FULL,
        /**
         * Whether the claim is durable is not known. A store fails a claim with any other reason only if the claim is
         * certainly not durable, and never will be.
         */
        CLAIM_UNCONFIRMED,
        /** The clock is behind the latest signed claim: by it, nobody can say which approvals have expired. */
        CLOCK_UNSAFE,
        /** The ledger is older than what this host has already seen of it. */
        LEDGER_ROLLBACK_DETECTED,
        /** The ledger has been opened in signed mode and is now asked for in demo mode. */
        LEDGER_IS_SIGNED,
        /** The tables are not exactly those this version ships. */
        SCHEMA_MISMATCH,
        /** A connection is not one that durability can rest on, or a setting of it does not hold. */
        SETTINGS_REFUSED;

        /** {@return the problem name, in lower case with hyphens} */
        public String problem() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Reason reason;

    /**
     * A failure of the store's own finding.
     *
     * @param reason what is wrong
     * @param message for the operator: no SQL, no payload, no password
     */
    public StoreException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /**
     * A failure that something else reported.
     *
     * @param reason what is wrong
     * @param message for the operator: no SQL, no payload, no password
     * @param cause what was reported; its message is not repeated in this one
     */
    public StoreException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** {@return what is wrong} */
    public Reason reason() {
        return reason;
    }
}
