package dev.openexec.store.jdbc;

import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.evidence.LogKey;
import dev.openexec.store.ExecutionStore.Floors;
import dev.openexec.store.LogPosition;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;

/**
 * What the ledger says of itself: the one row of {@code oe_meta}.
 *
 * @param generation 1, and one more for each restored copy that was accepted
 * @param commitSeq how many transactions have been committed; the head file says how many there must be
 */
record Meta(String ledgerId, long generation, Floors floors, long commitSeq) {

    /**
     * What another ledger may have run was issued at most a minute from now, by an issuer whose clock is ahead. The floor is
     * cut to the second, hence one more.
     */
    static final Duration ISSUER_LEAD = Duration.ofSeconds(61);

    private static final SecureRandom RANDOM = new SecureRandom();

    private static final String CREATE = """
            INSERT INTO main.oe_meta
              (only_row, schema_version, ledger_id, generation, expiry_floor, issue_floor, signed, latest_signed_claim,
               commit_seq, log_size, log_edge)
            VALUES (1, 1, ?1, 1, 0, ?2, 0, ?3, 0, 0, x'')""";
    private static final String READ =
            "SELECT ledger_id, generation, commit_seq, signed, issue_floor, expiry_floor, latest_signed_claim"
                    + " FROM main.oe_meta";
    private static final String MARK_SIGNED = "UPDATE main.oe_meta SET signed = 1";
    private static final String RAISE_EXPIRY_FLOOR = "UPDATE main.oe_meta SET expiry_floor = max(expiry_floor, ?1)";
    private static final String SIGNED_CLAIM =
            "UPDATE main.oe_meta SET latest_signed_claim = ?1 WHERE latest_signed_claim < ?1";
    private static final String TRUST_CLOCK = "UPDATE main.oe_meta SET latest_signed_claim = ?1";
    private static final String ACCEPT_RESTORED = """
            UPDATE main.oe_meta
            SET generation = max(generation, ?3) + 1, issue_floor = max(issue_floor, ?1), commit_seq = max(commit_seq, ?2) + 1,
              log_size = 0, log_edge = x''""";
    private static final String ADVANCE = "UPDATE main.oe_meta SET commit_seq = commit_seq + 1 RETURNING commit_seq";

    /**
     * Makes the ledger and its first log. A new ledger takes no approval that an earlier one, now gone, may have taken.
     *
     * @param key signs for the log
     * @param issueFloor none issued before then; cut to the second
     * @param now when it is made
     */
    static void create(Session session, Ed25519SigningKey key, Instant issueFloor, Instant now) throws SQLException {
        String ledgerId = randomId();
        LogTables.begin(session, 1, new LogKey(LogPosition.origin(ledgerId, 1), key));
        new Parameters(session.statement(CREATE))
                .text(ledgerId)
                .time(issueFloor.truncatedTo(ChronoUnit.SECONDS))
                .time(now)
                .update();
    }

    static Meta read(Session session) throws SQLException {
        try (ResultSet rows = session.statement(READ).executeQuery()) {
            if (!rows.next()) {
                throw new SQLException("The ledger has lost its description");
            }
            Columns columns = new Columns(rows);
            String ledgerId = columns.text();
            long generation = columns.number();
            long commitSeq = columns.number();
            boolean signed = columns.number() == 1;
            Floors floors = new Floors(signed, columns.time(), columns.time(), columns.time());
            return new Meta(ledgerId, generation, floors, commitSeq);
        }
    }

    static void markSigned(Session session) throws SQLException {
        session.execute(MARK_SIGNED);
    }

    static void raiseExpiryFloor(Session session, Instant floor) throws SQLException {
        new Parameters(session.statement(RAISE_EXPIRY_FLOOR)).time(floor).update();
    }

    /** Keeps in mind how late it was when a signed claim was made. */
    static void signedClaim(Session session, Instant now) throws SQLException {
        new Parameters(session.statement(SIGNED_CLAIM)).time(now).update();
    }

    /** Somebody has looked at a clock: whatever was on record, this is how late it is. */
    static void trustClock(Session session, Instant now) throws SQLException {
        new Parameters(session.statement(TRUST_CLOCK)).time(now).update();
    }

    /**
     * Begins the next generation of a ledger that was restored from an older copy.
     *
     * @param issueFloor none issued before then; cut to the second
     * @param commits how many there were before, or in what stood in its place; the ledger is further on than that now
     * @param log the latest that was seen: no log of that name goes on, even if the same copy was restored before
     */
    static void acceptRestored(Session session, Instant issueFloor, long commits, long log) throws SQLException {
        new Parameters(session.statement(ACCEPT_RESTORED))
                .time(issueFloor.truncatedTo(ChronoUnit.SECONDS))
                .number(commits)
                .number(log)
                .update();
    }

    /** Counts this transaction; gives the new count. */
    static long advance(Session session) throws SQLException {
        try (ResultSet rows = session.statement(ADVANCE).executeQuery()) {
            if (!rows.next()) {
                throw new SQLException("The ledger has lost its description");
            }
            return new Columns(rows).number();
        }
    }

    /** 128 random bits, 32 hexadecimal digits. */
    static String randomId() {
        byte[] id = new byte[16];
        RANDOM.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }
}
