package dev.openexec.store.jdbc;

import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The shipped tables. A database has exactly them or is refused: a planted trigger, for one, could take a claim back
 * right after it was made.
 */
final class Schema {

    private static final String DDL = "schema.sql";

    /** A table, index, trigger or view as SQLite itself keeps it. */
    private record Item(String type, String name, String table, String sql) {}

    private static final String ITEMS =
            "SELECT type, name, tbl_name, coalesce(sql, '') FROM main.sqlite_schema ORDER BY type, name";

    private Schema() {}

    /** Whether the database has no tables yet; if it has any, they are exactly the shipped ones. */
    static boolean isMissing(Session session) throws SQLException {
        List<Item> actual = items(session);
        if (actual.isEmpty()) {
            return true;
        }
        if (actual.stream().anyMatch(item -> item.name.equals("execution_log"))) {
            throw new StoreException(
                    Reason.SCHEMA_MISMATCH,
                    "This is a database of the Python reference (it has a table execution_log). This version cannot"
                            + " import it: give the ledger a file of its own");
        }
        if (!actual.equals(shipped())) {
            throw new StoreException(
                    Reason.SCHEMA_MISMATCH,
                    "The tables, indexes, triggers and views are not exactly those that this version ships");
        }
        return false;
    }

    static void create(Session session) throws SQLException {
        for (String statement : ddl().split(";", -1)) {
            if (!statement.isBlank()) {
                session.execute(statement.strip());
            }
        }
    }

    private static List<Item> items(Session session) throws SQLException {
        List<Item> items = new ArrayList<>();
        try (ResultSet rows = session.statement(ITEMS).executeQuery()) {
            while (rows.next()) {
                Columns columns = new Columns(rows);
                items.add(new Item(columns.text(), columns.text(), columns.text(), columns.text()));
            }
        }
        return items;
    }

    /** What SQLite makes of the shipped statements. */
    private static List<Item> shipped() throws SQLException {
        try (Session scratch = Session.inMemory()) {
            create(scratch);
            return items(scratch);
        }
    }

    private static String ddl() {
        try (InputStream in = Schema.class.getResourceAsStream(DDL)) {
            if (in == null) {
                throw new IllegalStateException("The jar lacks " + DDL);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("The jar's " + DDL + " cannot be read", e);
        }
    }
}
