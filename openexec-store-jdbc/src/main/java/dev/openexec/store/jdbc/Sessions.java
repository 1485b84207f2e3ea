package dev.openexec.store.jdbc;

import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import java.sql.SQLException;

/** Opens connections to one ledger, each time making sure that it still is that ledger. */
record Sessions(ConnectionSource source, LedgerFile file, String ledgerId) {

    Session reading() throws SQLException {
        Session session = writing();
        try {
            session.becomeReadOnly();
            return session;
        } catch (SQLException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    Session writing() throws SQLException {
        Session session = Session.connect(source, file.path());
        try {
            if (Schema.isMissing(session) || !Meta.read(session).ledgerId().equals(ledgerId)) {
                throw new StoreException(
                        Reason.LEDGER_ROLLBACK_DETECTED, "The file holds another ledger than when it was opened");
            }
            session.applySettings();
            return session;
        } catch (SQLException | RuntimeException e) {
            session.close();
            throw e;
        }
    }
}
