package dev.openexec.store.jdbc;

import java.sql.SQLException;

/**
 * What an action does inside a transaction: from its savepoint on. Nobody but this class knows the names, so that a savepoint
 * that is there has been there all the time, and the transaction with it.
 */
final class Effects {

    private static final String ALL = "oe_" + Meta.randomId();
    private static final String MARK = "oe_" + Meta.randomId();

    private final Session session;

    private Effects(Session session) {
        this.session = session;
    }

    static Effects begin(Session session) throws SQLException {
        session.execute("SAVEPOINT " + ALL);
        session.execute("SAVEPOINT " + MARK);
        return new Effects(session);
    }

    /** Whether the transaction has not ended. */
    boolean areThere() {
        try {
            session.execute("RELEASE " + MARK);
            session.execute("SAVEPOINT " + MARK);
            return true;
        } catch (SQLException e) {
            return Failures.busy(e); // it is there, and rows are still being read from a statement that writes
        }
    }

    void keep() throws SQLException {
        session.execute("RELEASE " + ALL);
    }

    void undo() throws SQLException {
        session.execute("ROLLBACK TO " + ALL);
        session.execute("RELEASE " + ALL);
    }
}
