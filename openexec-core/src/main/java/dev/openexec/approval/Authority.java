package dev.openexec.approval;

/** By what an execution was authorised. Recorded with its row; a replay needs the same. */
public enum Authority {
    /** Demo mode: nobody approved it. */
    UNSIGNED,
    /** A version 1 approval artifact, wire-compatible with the Python reference. */
    V1,
    /**
     * The Python reference executed it, approved or not, and its ledger was imported. Nothing of ours is ever executed by
     * it; such a row is replayed to unsigned requests only, and stands in the way of every tenant's.
     */
    IMPORTED
}
