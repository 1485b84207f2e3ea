package dev.openexec.store.jdbc;

import java.sql.SQLException;

/**
 * What an action does inside a transaction, from a savepoint on. Nobody but this class knows the savepoints' names, so that
 * one that is open has been open all the time, and the transaction with it.
 */
final class Effects {

    private static final String ALL = "oe_" + Meta.randomId();
    private static final String PROBE = "oe_" + Meta.randomId();

    private final Session session;

    private Effects(Session session) {
        this.session = session;
    }

    static Effects begin(Session session) throws SQLException {
        session.execute("SAVEPOINT " + ALL);
        session.execute("SAVEPOINT " + PROBE);
        return new Effects(session);
    }

    /** Whether the transaction has not ended. */
    boolean isOpen() {
        try {
            session.execute("RELEASE " + PROBE);
            session.execute("SAVEPOINT " + PROBE);
            return true;
        } catch (SQLException e) {
            return Failures.busy(e); // it is there, and rows are still being read from a statement that writes
        }
    }

    void release() throws SQLException {
        session.execute("RELEASE " + ALL);
    }

    void rollBack() throws SQLException {
        session.execute("ROLLBACK TO " + ALL);
        session.execute("RELEASE " + ALL);
    }
}
