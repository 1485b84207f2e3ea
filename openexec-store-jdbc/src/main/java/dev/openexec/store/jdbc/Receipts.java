package dev.openexec.store.jdbc;

import dev.openexec.json.Digest;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The log: {@code oe_receipt}, which only grows. */
final class Receipts {

    /** The next position is read in the same write transaction: no other writer can come in between. */
    private static final String APPEND = """
            INSERT INTO main.oe_receipt (idx, exec_id, body)
            VALUES (
              (SELECT coalesce(max(idx), -1) + 1 FROM main.oe_receipt),
              (SELECT exec_id FROM main.oe_execution WHERE nonce_key = ?),
              ?)
            RETURNING idx""";

    private Receipts() {}

    /**
     * The position of the leaf, counted from 0.
     *
     * @param nonceKey of the row that the leaf is about; null if it is about none
     */
    static long append(Session session, @Nullable Digest nonceKey, String leaf) throws SQLException {
        try (ResultSet rows = new Parameters(session.statement(APPEND))
                .digest(nonceKey)
                .text(leaf)
                .query()) {
            if (!rows.next()) {
                throw new SQLException("The leaf has no position");
            }
            return new Columns(rows).number();
        }
    }
}
