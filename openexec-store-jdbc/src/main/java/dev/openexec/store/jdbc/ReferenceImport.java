package dev.openexec.store.jdbc;

import dev.openexec.store.Ending;
import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import dev.openexec.store.StoredExecution;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes a database of the Python reference a ledger of ours, in one exclusive transaction: whatever happens in between,
 * the file is either still the reference's or wholly imported. Its table is kept under another name.
 *
 * <p>It comes before the switch to WAL. In the reference's own journal mode an exclusive transaction keeps readers out as
 * well: a reference that still runs cannot look a nonce up meanwhile, and so enters no action.
 */
final class ReferenceImport {

    private final Session session;
    private final LedgerFile file;
    private final InstantSource clock;
    private final Map<String, Long> blocked = new TreeMap<>();
    private long executions;

    private ReferenceImport(Session session, LedgerFile file, InstantSource clock) {
        this.session = session;
        this.file = file;
        this.clock = clock;
    }

    /** Imports what {@link Schema#look} has found, unless another process was faster. */
    static void run(Session session, LedgerFile file, InstantSource clock) throws IOException, SQLException {
        new ReferenceImport(session, file, clock).run();
    }

    private void run() throws IOException, SQLException {
        begin();
        if (Schema.look(session) != Schema.Content.REFERENCE) {
            session.execute("ROLLBACK");
            return;
        }
        ReferenceTable.rename(session);
        Schema.create(session);
        importRows();
        Instant now = clock.instant(); // not that of when this began
        Meta.create(session, LogKeyFile.readOrMake(file.logKey()), now.plus(Meta.ISSUER_LEAD), now);
        session.execute("COMMIT");
        report(Meta.read(session).floors().issue());
    }

    private void begin() throws SQLException {
        try {
            session.execute("BEGIN EXCLUSIVE");
        } catch (SQLException e) {
            if (Failures.busy(e)) {
                throw new StoreException(
                        Reason.STORE_UNAVAILABLE,
                        "The database of the Python reference is in use: stop the reference first",
                        e);
            }
            throw e;
        }
    }

    private void importRows() throws SQLException {
        String nobody = Meta.randomId(); // no store of ours ever had these rows running
        try (ResultSet rows = session.statement(ReferenceRow.SELECT_ALL).executeQuery()) {
            while (rows.next()) {
                StoredExecution row = ReferenceRow.read(rows).imported(clock.instant());
                Executions.insertImported(session, row, nobody);
                executions++;
                Ending ending = row.ending();
                if (ending != null && ending.code() != null) {
                    blocked.merge(ending.code(), 1L, Long::sum);
                }
            }
        }
    }

    private void report(Instant issueFloor) {
        long notReplayed = blocked.values().stream().mapToLong(Long::longValue).sum();
        Failures.LOG.log(
                Level.INFO,
                "Imported {0} executions of the Python reference, {1} of them only blocked: {2}."
                        + " Approvals issued before {3} are refused",
                Long.toString(executions),
                Long.toString(notReplayed),
                blocked,
                issueFloor);
    }
}
