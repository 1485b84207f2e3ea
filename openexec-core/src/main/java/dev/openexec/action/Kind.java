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
    /**
     * All its effects go through {@link ActionContext#connection()}, on the ledger's own database. Claim, effects and result
     * are one durable commit: after a crash there is all of it, or nothing, and then the same request runs it. Whatever it
     * throws, its effects are undone. It has one budget for everything, 1 s unless set otherwise, during which nothing else
     * is written to the ledger: so no network and no waiting. It cannot have anything else executed: its executor answers with
     * an IllegalStateException on its own thread, and on any other only once its budget is over. An executor whose ledger
     * has no such transactions refuses it at the start.
     */
    TRANSACTIONAL
}
