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
 * The shipped tables. A ledger has exactly them, and the table it was imported from if there is one, or is refused: a
 * planted trigger, for one, could take a claim back right after it was made. Beside them there may be tables of others, for
 * actions that run inside the ledger's transactions, if what defines them mentions nothing of the ledger's.
 */
final class Schema {

    /** What a database holds. */
    enum Content {
        /** No tables yet. */
        NOTHING,
        /** A ledger of ours. */
        LEDGER,
        /** The table of the Python reference, and nothing else. */
        REFERENCE
    }

    private static final String DDL = "schema.sql";

    /** A table, index, trigger or view as SQLite itself keeps it. */
    private record Item(String type, String name, String table, String sql) {

        /** Whether it is the ledger's, or stands on what is. */
        boolean isReserved() {
            return SqlText.isReserved(table) || (SqlText.isReserved(name) && !sql.isEmpty());
        }

        /** Whether it has to do with nothing of the ledger's. SQLite's own indexes have no text. */
        boolean keepsToItself() {
            try {
                if (!sql.isEmpty()) {
                    SqlText.requireDefinition(sql);
                }
                return true;
            } catch (SqlText.Refused e) {
                return false;
            }
        }

        boolean isOf(String name) {
            return table.equals(name) && (type.equals("table") || type.equals("index"));
        }
    }

    private static final String ITEMS =
            "SELECT type, name, tbl_name, coalesce(sql, '') FROM main.sqlite_schema ORDER BY type, name";

    private Schema() {}

    /** What the database holds; refuses it if that is anything else, or not exactly that. */
    static Content look(Session session) throws SQLException {
        List<Item> items = items(session);
        if (items.isEmpty()) {
            return Content.NOTHING;
        }
        if (items.stream().allMatch(item -> item.isOf(ReferenceTable.NAME))) {
            ReferenceTable.check(session, ReferenceTable.NAME);
            return Content.REFERENCE;
        }
        if (items.removeIf(item -> item.isOf(ReferenceTable.IMPORTED))) {
            ReferenceTable.check(session, ReferenceTable.IMPORTED);
        }
        List<Item> ours = items.stream().filter(Item::isReserved).toList();
        List<Item> others = items.stream().filter(item -> !item.isReserved()).toList();
        if (!ours.equals(shipped()) || !others.stream().allMatch(Item::keepsToItself)) {
            throw new StoreException(
                    Reason.SCHEMA_MISMATCH,
                    "The tables, indexes, triggers and views are not exactly those that this version ships, nor those"
                            + " of the Python reference; or one of others touches them");
        }
        return Content.LEDGER;
    }

    static void create(Session session) throws SQLException {
        for (String statement : resource(DDL).split(";", -1)) {
            if (!statement.isBlank()) {
                session.execute(statement.strip());
            }
        }
    }

    /** Makes tables of others, where they are not there yet. */
    static void add(Session session, List<String> definitions) throws SQLException {
        for (int i = 0; i < definitions.size(); i++) {
            add(session, "Definition " + (i + 1) + " of withTables", definitions.get(i));
        }
        look(session); // refuses what has to do with the ledger all the same
    }

    private static void add(Session session, String which, String definition) throws SQLException {
        try {
            SqlText.requireDefinition(definition);
            session.execute(definition);
        } catch (SqlText.Refused e) {
            throw new StoreException(Reason.SCHEMA_MISMATCH, which + " is refused: " + e.getMessage(), e);
        } catch (SQLException e) {
            if (!Failures.isOfTheText(e)) {
                throw e;
            }
            throw new StoreException(
                    Reason.SCHEMA_MISMATCH,
                    which + " is not taken by SQLite; it is run whenever the ledger opens, hence IF NOT EXISTS",
                    e);
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

    /** A text of the jar. */
    static String resource(String name) {
        try (InputStream in = Schema.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The jar lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("The jar's " + name + " cannot be read", e);
        }
    }
}
