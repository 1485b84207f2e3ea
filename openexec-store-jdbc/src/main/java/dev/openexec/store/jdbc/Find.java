package dev.openexec.store.jdbc;

import java.sql.SQLException;

/** Asks the ledger as it is at one moment. */
final class Find<T> extends Request<T> {

    /** What is asked. */
    interface Question<T> {
        T ask(Session session) throws SQLException;
    }

    private final Question<T> question;

    Find(Question<T> question) {
        this.question = question;
    }

    @Override
    T perform(Session session) throws SQLException {
        session.execute("BEGIN");
        T answer = question.ask(session);
        session.execute("COMMIT");
        return answer;
    }
}
