package dev.openexec.store.jdbc;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A lane's work on its own connection: a batch in one go, and if that fails, one request after the other, each on its
 * own, on a new connection. Doing a request twice is harmless: writes are recognised by their token.
 */
abstract class Worker<R extends Request<?>> implements Lane.Work<R> {

    private final Sessions sessions;
    private @Nullable Session session;

    Worker(Sessions sessions, Session first) {
        this.sessions = sessions;
        this.session = first;
    }

    @Override
    public void work(List<R> batch) {
        Throwable failure = attempt(batch);
        if (failure == null) {
            return;
        }
        for (R request : batch) {
            if (!Failures.busy(failure)) { // else the wait was long enough for all of them
                failure = attempt(List.of(request));
            }
            if (failure != null) {
                failed(request, failure);
            }
        }
    }

    @Override
    public void brokeDown(List<R> batch, Throwable failure) {
        batch.forEach(request -> request.fail(Failures.explain(failure)));
    }

    @Override
    public boolean unfinished() {
        return false;
    }

    @Override
    public void end() {
        discard();
    }

    /** Does all of them and answers them, or gives what was in the way. */
    final @Nullable Throwable attempt(List<R> requests) {
        try {
            perform(session(), requests);
        } catch (Throwable failure) { // whatever it is, every request gets its answer
            discard();
            return failure;
        }
        requests.forEach(Request::committed);
        return null;
    }

    /** Does all of them, durably. */
    abstract void perform(Session session, List<R> requests) throws IOException, SQLException;

    /** Answers a request that failed on its own. */
    abstract void failed(R request, Throwable reason);

    /** The connection, opened anew after a failure. */
    final Session session() throws IOException, SQLException {
        Session open = session;
        if (open == null) {
            open = open(sessions);
            session = open;
        }
        return open;
    }

    abstract Session open(Sessions sessions) throws IOException, SQLException;

    /** Closing rolls back what is not committed. */
    private void discard() {
        if (session != null) {
            session.close();
            session = null;
        }
    }
}
