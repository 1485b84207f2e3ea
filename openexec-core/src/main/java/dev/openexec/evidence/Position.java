package dev.openexec.evidence;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a receipt of a ledger stands.
 *
 * @param log which of the ledger's logs, 1 or more
 * @param index in that log, from 0
 */
record Position(long log, long index) {

    private static final Pattern ORIGIN = Pattern.compile("openexec\\.dev/ledger/([0-9a-f]{32})/([1-9][0-9]{0,6})");
    private static final long MAX_LOG = 1L << 22;
    private static final long END_OF_INDEXES = 1L << 40;

    /** The number of this ledger's log that has this origin; empty if it is of none of its logs. */
    static Optional<Long> logOf(String origin, String ledgerId) {
        Matcher matcher = ORIGIN.matcher(origin);
        if (!matcher.matches() || !matcher.group(1).equals(ledgerId)) {
            return Optional.empty();
        }
        return Optional.of(Long.parseLong(matcher.group(2))).filter(log -> log <= MAX_LOG);
    }

    /** The id of the ledger whose log has this origin. */
    static Optional<String> ledgerOf(String origin) {
        Matcher matcher = ORIGIN.matcher(origin);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    static Position read(ClosedObject object, String ledgerId) throws InvalidEvidence {
        long index = object.number("index");
        Optional<Long> log = logOf(object.text("log"), ledgerId);
        object.require(index < END_OF_INDEXES && log.isPresent());
        object.end();
        return new Position(log.orElseThrow(), index);
    }

    /** Whether it stands before another: logs follow each other. */
    boolean isBefore(Position other) {
        return log < other.log || (log == other.log && index < other.index);
    }
}
