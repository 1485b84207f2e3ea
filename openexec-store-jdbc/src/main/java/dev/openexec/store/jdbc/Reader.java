package dev.openexec.store.jdbc;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** Answers questions on a connection that cannot write. */
final class Reader extends Worker<Request<?>> {

    Reader(Sessions sessions, Session first) {
        super(sessions, first);
    }

    @Override
    Session open(Sessions sessions) throws IOException, SQLException {
        return sessions.reading();
    }

    @Override
    void perform(Session session, List<Request<?>> requests) throws SQLException {
        for (Request<?> request : requests) {
            request.run(session);
        }
    }

    @Override
    void failed(Request<?> request, Throwable reason) {
        request.fail(Failures.explain(reason));
    }
}
