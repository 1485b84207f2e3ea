package dev.openexec.store.jdbc;

import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import java.io.IOException;
import java.sql.SQLException;

/**
 * Writes a ledger's file anew, and empties its write-ahead log. What was erased or pruned stays in both till then: in pages that
 * are free, and in what is unused of pages in use, where SQLite has left it when it moved rows.
 */
final class Compaction {

    private Compaction() {}

    static void run(LedgerFile file) {
        try {
            file.requireThere();
            SoleClassLoader sole = SoleClassLoader.enter(file.path());
            try (Session session = Session.connect(ConnectionSource.sqlite(), file.path())) {
                run(session);
            } finally {
                sole.close();
            }
        } catch (IOException | SQLException e) {
            throw Failures.explain(e);
        }
    }

    private static void run(Session session) throws SQLException {
        if (Schema.look(session) != Schema.Content.LEDGER) {
            throw new StoreException(Reason.SCHEMA_MISMATCH, "The file holds no ledger of this version");
        }
        session.applySettings();
        session.switchToWal();
        session.execute("VACUUM");
        // Its first column says whether somebody was in the way: that is no error to SQLite.
        if (!"0".equals(session.text("PRAGMA wal_checkpoint(TRUNCATE)"))) {
            throw new StoreException(
                    Reason.STORE_UNAVAILABLE,
                    "The ledger is in use, so that its write-ahead log cannot be emptied: try again");
        }
    }
}
