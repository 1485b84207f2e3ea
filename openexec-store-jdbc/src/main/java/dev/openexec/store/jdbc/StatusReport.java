package dev.openexec.store.jdbc;

import dev.openexec.store.jdbc.LedgerView.Life;
import dev.openexec.store.jdbc.LedgerView.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Takes stock of a ledger, without changing anything. */
final class StatusReport {

    private static final String STATES = "SELECT state, count(*) FROM main.oe_execution GROUP BY state";

    private StatusReport() {}

    static Status of(Session session, LedgerFile file) throws IOException, SQLException {
        Continuity continuity = Continuity.of(file); // before the ledger, which may move on meanwhile
        session.execute("BEGIN"); // one look at all the tables
        try {
            Meta meta = Meta.read(session);
            return new Status(
                    meta.ledgerId(),
                    meta.generation(),
                    meta.floors(),
                    meta.commitSeq(),
                    states(session),
                    boots(session, file),
                    continuity.judge(session, meta),
                    Files.size(file.path()),
                    size(file.wal()));
        } finally {
            session.execute("ROLLBACK");
        }
    }

    private static SortedMap<String, Long> states(Session session) throws SQLException {
        SortedMap<String, Long> states = new TreeMap<>();
        try (ResultSet rows = session.statement(STATES).executeQuery()) {
            while (rows.next()) {
                Columns columns = new Columns(rows);
                states.put(columns.text(), columns.number());
            }
        }
        return Collections.unmodifiableSortedMap(states);
    }

    private static SortedMap<String, Life> boots(Session session, LedgerFile file) throws IOException, SQLException {
        TreeSet<String> ids = new TreeSet<>(file.boots());
        ids.addAll(Rows.openBoots(session));
        SortedMap<String, Life> boots = new TreeMap<>();
        for (String id : ids) {
            boots.put(id, BootLock.probe(file.boot(id)));
        }
        return Collections.unmodifiableSortedMap(boots);
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }
}
