package dev.openexec.action;

/** What may happen to an execution of an action when the process dies in between. Declared by the action's author. */
public enum Kind {
    /**
     * It may touch the outside world and must never run twice. Claim and completion are two durable commits; a crash
     * between them leaves an unknown outcome, never a second run.
     */
    AT_MOST_ONCE,
    /**
     * Running it again with the same {@link ActionContext#idempotencyKey()} is harmless because the system it calls
     * recognises the key. If its process dies it is entered again, also by another process that has it, three times in all
     * at most: if its approval has not expired by then, and its code is the same. What it says of failing for certain counts
     * at the first attempt only.
     */
    IDEMPOTENT,
    /**
     * The result depends on the payload alone, nothing outside is touched, it takes about a millisecond and never
     * blocks. It may be evaluated twice; its result is recorded once, in one durable commit.
     */
    PURE,
    /** All its effects go through a JDBC connection on the ledger's own database. Refused by this version. */
    TRANSACTIONAL
}
