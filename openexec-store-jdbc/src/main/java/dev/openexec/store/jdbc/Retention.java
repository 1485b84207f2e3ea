package dev.openexec.store.jdbc;

import dev.openexec.store.Write;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a ledger forgets, and the floor that it leaves behind. */
final class Retention {

    private static final String OLD = """
            FROM main.oe_execution
            WHERE exec_id IN (
              SELECT exec_id FROM main.oe_execution
              WHERE state IN ('SUCCEEDED', 'FAILED') AND completed_at < ?1 AND approval_expires_at < ?2
              ORDER BY exec_id LIMIT ?3)""";

    private static final String LATEST_EXPIRY = "SELECT max(approval_expires_at) " + OLD;
    private static final String PRUNE = "DELETE " + OLD;

    private static final String ERASE = """
            UPDATE main.oe_execution SET result = NULL
            WHERE exec_id IN (
              SELECT exec_id FROM main.oe_execution WHERE result IS NOT NULL AND completed_at < ?1
              ORDER BY exec_id LIMIT ?2)""";

    private Retention() {}

    /** How many rows were removed. The floor rises before they are gone, in the same transaction. */
    static int prune(Session session, Write.Prune prune, Instant now) throws SQLException {
        Instant expiredBefore = now.minus(prune.skew());
        Instant latestExpiry = latestExpiry(session, prune, expiredBefore);
        if (latestExpiry == null) {
            return 0;
        }
        Meta.raiseExpiryFloor(session, latestExpiry.plus(prune.skew()));
        return old(session, PRUNE, prune, expiredBefore).update();
    }

    private static @Nullable Instant latestExpiry(Session session, Write.Prune prune, Instant expiredBefore)
            throws SQLException {
        try (ResultSet rows = old(session, LATEST_EXPIRY, prune, expiredBefore).query()) {
            return rows.next() ? new Columns(rows).optionalTime() : null;
        }
    }

    private static Parameters old(Session session, String sql, Write.Prune prune, Instant expiredBefore)
            throws SQLException {
        return new Parameters(session.statement(sql))
                .time(prune.endedBefore())
                .time(expiredBefore)
                .number(prune.limit());
    }

    /** How many results were dropped. */
    static int erase(Session session, Write.EraseResults erase) throws SQLException {
        ImportedTable.eraseResults(session, erase);
        return new Parameters(session.statement(ERASE))
                .time(erase.endedBefore())
                .number(erase.limit())
                .update();
    }
}
