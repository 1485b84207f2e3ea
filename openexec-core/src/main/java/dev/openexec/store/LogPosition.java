package dev.openexec.store;

/**
 * Where a receipt stands.
 *
 * @param log which of the ledger's logs: 1 for the first, and one more for each restored copy that was accepted
 * @param index in that log, counted from 0
 */
public record LogPosition(long log, long index) {

    private static final int INDEX_BITS = 40;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if the log is not within 1 and 2^22, or the index not within 0 and 2^40 - 1
     */
    public LogPosition {
        if (log < 1 || log > 1 << 22 || index < 0 || index >= 1L << INDEX_BITS) {
            throw new IllegalArgumentException("There is no such position");
        }
    }

    /** {@return both in one number that grows with the log and then with the index: under it a store may keep a receipt} */
    public long number() {
        return log << INDEX_BITS | index;
    }

    /**
     * {@return the position of a {@link #number}}
     *
     * @param number of a position
     * @throws IllegalArgumentException if it is of none
     */
    public static LogPosition of(long number) {
        return new LogPosition(number >>> INDEX_BITS, number & ((1L << INDEX_BITS) - 1));
    }

    /**
     * {@return the name of the log, which its checkpoints carry as their origin (C2SP tlog-checkpoint)}
     *
     * @param ledgerId of the ledger
     * @param log which of its logs, 1 or more
     */
    public static String origin(String ledgerId, long log) {
        return "openexec.dev/ledger/" + ledgerId + "/" + log;
    }
}
