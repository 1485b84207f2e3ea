package dev.openexec.store.jdbc;

import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to one ledger, each time making sure that it still is that ledger.
 *
 * @param identity of the file when the ledger was opened
 */
record Sessions(
        ConnectionSource source, LedgerFile file, @Nullable Object identity, String ledgerId) {

    /**
     * A file that was deleted or replaced can be written to for as long as it is open, and nobody will ever see it. Nor
     * is another file in its place to be opened: SQLite might take the log beside it for that file's.
     */
    void requireFileInPlace() throws IOException {
        if (!Files.exists(file.path()) || !Objects.equals(identity, file.identity())) {
            throw new StoreException(
                    Reason.STORE_UNAVAILABLE, "The ledger's file is gone, or another one is in its place");
        }
    }

    Session reading() throws IOException, SQLException {
        Session session = writing();
        try {
            session.becomeReadOnly();
            return session;
        } catch (Throwable e) {
            session.close();
            throw e;
        }
    }

    Session writing() throws IOException, SQLException {
        requireFileInPlace();
        Session session = Session.connect(source, file.path());
        try {
            if (Schema.look(session) != Schema.Content.LEDGER
                    || !Meta.read(session).ledgerId().equals(ledgerId)) {
                throw new StoreException(
                        Reason.LEDGER_ROLLBACK_DETECTED, "The file holds another ledger than when it was opened");
            }
            session.applySettings();
            session.switchToWal();
            return session;
        } catch (Throwable e) {
            session.close();
            throw e;
        }
    }
}
