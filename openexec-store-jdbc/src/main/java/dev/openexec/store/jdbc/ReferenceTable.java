package dev.openexec.store.jdbc;

import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The one table of the Python reference, recognised by its columns and constraints: SQLAlchemy is free to spell its
 * statement otherwise.
 */
final class ReferenceTable {

    static final String NAME = "execution_log";

    /** Its name once it was imported, so that a reference that still runs fails loudly. */
    static final String IMPORTED = "execution_log_imported";

    private static final String DDL = "reference.sql";

    /** Everything that SQLite tells about a table's form, one line each. */
    private static final String FORM = """
            SELECT concat_ws('|', 'table', type, ncol, wr, strict) FROM pragma_table_list(?1) WHERE schema = 'main'
            UNION ALL
            SELECT concat_ws('|', 'column', cid, name, upper(type), "notnull", ifnull(dflt_value, '-'), pk, hidden)
            FROM pragma_table_xinfo(?1, 'main')
            UNION ALL
            SELECT concat_ws('|', 'index', origin, "unique", partial,
              (SELECT group_concat(cid || ' ' || desc || ' ' || coll) FROM pragma_index_xinfo(i.name, 'main') WHERE key))
            FROM pragma_index_list(?1, 'main') AS i
            UNION ALL
            SELECT concat_ws('|', 'foreign key', id) FROM pragma_foreign_key_list(?1, 'main')
            ORDER BY 1""";

    private ReferenceTable() {}

    /** Refuses a table of this name that is not exactly as the reference makes it. */
    static void check(Session session, String name) throws SQLException {
        if (!form(session, name).equals(genuine())) {
            throw new StoreException(
                    Reason.SCHEMA_MISMATCH,
                    "The table " + name + " is not the one that the Python reference makes; the database is left as"
                            + " it is");
        }
    }

    /** Gives it its other name; the indexes of its constraints follow. */
    static void rename(Session session) throws SQLException {
        session.execute("ALTER TABLE main." + NAME + " RENAME TO " + IMPORTED);
    }

    private static List<String> form(Session session, String table) throws SQLException {
        List<String> form = new ArrayList<>();
        try (ResultSet rows =
                new Parameters(session.statement(FORM)).text(table).query()) {
            while (rows.next()) {
                form.add(new Columns(rows).text());
            }
        }
        return form;
    }

    private static List<String> genuine() throws SQLException {
        try (Session scratch = Session.inMemory()) {
            scratch.execute(Schema.resource(DDL));
            return form(scratch, NAME);
        }
    }
}
