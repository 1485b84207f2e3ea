package dev.openexec.store.jdbc;

import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;

/**
 * What the ledger says of itself: the one row of {@code oe_meta}.
 *
 * @param commitSeq how many transactions have been committed; the head file says how many there must be
 */
record Meta(String ledgerId, Instant expiryFloor, Instant issueFloor, boolean signed, long commitSeq) {

    private static final SecureRandom RANDOM = new SecureRandom();

    private static final String CREATE = """
            INSERT INTO main.oe_meta
              (only_row, schema_version, ledger_id, generation, expiry_floor, issue_floor, signed, commit_seq)
            VALUES (1, 1, ?, 1, 0, ?, 0, 0)""";
    private static final String READ =
            "SELECT ledger_id, expiry_floor, issue_floor, signed, commit_seq FROM main.oe_meta";
    private static final String MARK_SIGNED = "UPDATE main.oe_meta SET signed = 1";
    private static final String ADVANCE = "UPDATE main.oe_meta SET commit_seq = commit_seq + 1 RETURNING commit_seq";

    /**
     * A new ledger takes no approval that an earlier one, now gone, may have taken.
     *
     * @param issueFloor none issued before then; cut to the second
     */
    static void create(Session session, Instant issueFloor) throws SQLException {
        new Parameters(session.statement(CREATE))
                .text(randomId())
                .time(issueFloor.truncatedTo(ChronoUnit.SECONDS))
                .update();
    }

    static Meta read(Session session) throws SQLException {
        try (ResultSet rows = session.statement(READ).executeQuery()) {
            if (!rows.next()) {
                throw new SQLException("The ledger has lost its description");
            }
            Columns columns = new Columns(rows);
            return new Meta(columns.text(), columns.time(), columns.time(), columns.number() == 1, columns.number());
        }
    }

    static void markSigned(Session session) throws SQLException {
        session.execute(MARK_SIGNED);
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
