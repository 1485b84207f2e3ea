package dev.openexec.store;

/** The state of a row. A nonce without a row is absent. */
public enum State {
    /** Claimed, without an ending on record. */
    RUNNING,
    /** Claimed, and nobody knows how it ended. Never run again. */
    INDETERMINATE,
    /** It happened; the result is recorded. Terminal. */
    SUCCEEDED,
    /** It definitely did not happen. Terminal. */
    FAILED
}
