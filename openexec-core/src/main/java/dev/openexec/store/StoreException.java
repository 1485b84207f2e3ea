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
        /** Whether the write is durable is not known. */
        CLAIM_UNCONFIRMED,
        /** The ledger is older than what this host has already seen of it. */
        LEDGER_ROLLBACK_DETECTED,
        /** The ledger has been opened in signed mode and is now asked for in demo mode. */
        LEDGER_IS_SIGNED,
        /** The tables are not exactly those this version ships. */
        SCHEMA_MISMATCH,
        /** A connection is not one that durability can rest on, or a setting of it does not hold. */
        SETTINGS_REFUSED;

        /** The problem name, in lower case with hyphens. */
        public String problem() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Reason reason;

    public StoreException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public StoreException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
