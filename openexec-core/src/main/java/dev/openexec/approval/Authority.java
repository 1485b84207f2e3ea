package dev.openexec.approval;

/** By what an execution was authorised. Recorded with its row; a replay needs the same. */
public enum Authority {
    /** Demo mode: nobody approved it. */
    UNSIGNED,
    /** A version 1 approval artifact, wire-compatible with the Python reference. */
    V1
}
