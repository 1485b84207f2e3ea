package dev.openexec.store.jdbc;

import dev.openexec.json.Digest;
import dev.openexec.store.StoredExecution;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Looks a row up, all keys at one moment of the ledger. */
final class Find extends Request<Optional<StoredExecution>> {

    private final List<Digest> keys;

    Find(List<Digest> keys) {
        this.keys = List.copyOf(keys);
    }

    @Override
    Optional<StoredExecution> perform(Session session) throws SQLException {
        session.execute("BEGIN");
        Optional<StoredExecution> row = Executions.find(session, keys);
        session.execute("COMMIT");
        return row;
    }
}
