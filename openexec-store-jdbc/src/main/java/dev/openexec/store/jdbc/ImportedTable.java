package dev.openexec.store.jdbc;

import dev.openexec.json.Digest;
import dev.openexec.store.Write;
import java.sql.ResultSet;
import java.sql.SQLException;

/** What is left of the Python reference's table after its import: what is erased here is erased there too. */
final class ImportedTable {

    private static final String IS_THERE =
            "SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = '" + ReferenceTable.IMPORTED + "'";

    private static final String ERASE = "DELETE FROM main." + ReferenceTable.IMPORTED + """
             AS old
            WHERE EXISTS (
              SELECT 1 FROM main.oe_execution AS e
              WHERE e.nonce_key = ?1 AND e.authority = 'IMPORTED' AND (e.exec_id = old.id OR e.nonce = old.nonce))""";

    private static final String ERASE_RESULTS = "UPDATE main." + ReferenceTable.IMPORTED + """
             AS old SET result = NULL
            WHERE EXISTS (
              SELECT 1 FROM main.oe_execution AS e
              WHERE e.authority = 'IMPORTED' AND e.completed_at < ?1 AND (e.exec_id = old.id OR e.nonce = old.nonce))""";

    private ImportedTable() {}

    /** To be called before the row itself is erased. */
    static void erase(Session session, Digest nonceKey) throws SQLException {
        if (isThere(session)) {
            new Parameters(session.statement(ERASE)).digest(nonceKey).update();
        }
    }

    static void eraseResults(Session session, Write.EraseResults erase) throws SQLException {
        if (isThere(session)) {
            new Parameters(session.statement(ERASE_RESULTS))
                    .time(erase.endedBefore())
                    .update();
        }
    }

    private static boolean isThere(Session session) throws SQLException {
        try (ResultSet rows = session.statement(IS_THERE).executeQuery()) {
            return rows.next();
        }
    }
}
