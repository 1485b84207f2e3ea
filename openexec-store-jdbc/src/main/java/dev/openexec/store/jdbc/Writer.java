package dev.openexec.store.jdbc;

import dev.openexec.store.Outcome;
import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/**
 * The only one who writes: each batch is one transaction, hence one sync of the disk, and is answered after it.
 */
final class Writer extends Worker<WriteRequest> {

    private final Sessions sessions;
    private final BootLock lock;
    private final HeadFile head;
    private final Queue<WriteRequest> owedEndings = new ArrayDeque<>();
    private long commitSeq;
    private boolean headIsStale;

    Writer(Sessions sessions, Session first, BootLock lock, HeadFile head, long commitSeq) {
        super(sessions, first);
        this.sessions = sessions;
        this.lock = lock;
        this.head = head;
        this.commitSeq = commitSeq;
    }

    String bootId() {
        return lock.bootId();
    }

    @Override
    public void work(List<WriteRequest> batch) {
        payOwedEndings();
        if (!batch.isEmpty()) {
            super.work(batch);
        }
    }

    @Override
    public boolean unfinished() {
        return !owedEndings.isEmpty();
    }

    @Override
    public void end() {
        payOwedEndings();
        boolean settled = nothingRuns();
        super.end();
        Failures.closeQuietly(head);
        Failures.closeQuietly(settled ? lock : lock::abandon);
    }

    private boolean nothingRuns() {
        try {
            return !Executions.openBoots(session()).contains(bootId());
        } catch (IOException | SQLException | RuntimeException e) {
            return false; // then the boot file stays, until somebody can look
        }
    }

    @Override
    Session open(Sessions sessions) throws IOException, SQLException {
        return sessions.writing();
    }

    @Override
    void perform(Session session, List<WriteRequest> requests) throws IOException, SQLException {
        sessions.requireFileInPlace();
        session.execute("BEGIN IMMEDIATE");
        long seq = Meta.advance(session);
        if (seq <= commitSeq) {
            throw new StoreException(Reason.LEDGER_ROLLBACK_DETECTED, "The ledger is older than a moment ago");
        }
        for (WriteRequest request : requests) {
            request.run(session);
        }
        requests.forEach(Request::commitTried);
        session.execute("COMMIT");
        commitSeq = seq;
        raiseHead();
    }

    @Override
    void failed(WriteRequest request, Throwable reason) {
        StoreException explained = Failures.explain(reason);
        if (request.write instanceof Write.End) {
            owedEndings.add(request);
            Failures.LOG.log(Level.WARNING, "An ending cannot be written now and is kept: {0}", Failures.name(reason));
        } else if (request.write instanceof Write.Insert insert && request.mayBeCommitted()) {
            settle(request, insert, explained);
        }
        request.fail(explained);
    }

    /** A COMMIT that held it gave no answer: its token in the ledger does. */
    private void settle(WriteRequest request, Write.Insert insert, StoreException explained) {
        try {
            Optional<StoredExecution> row =
                    Executions.find(session(), List.of(insert.claim().nonceKey()));
            if (row.isPresent()
                    && row.get().claim().token().equals(insert.claim().token())) {
                request.complete(Outcome.applied(-1));
            }
        } catch (IOException | SQLException | RuntimeException e) {
            request.fail(new StoreException(
                    Reason.CLAIM_UNCONFIRMED, "Whether the claim is durable is not known", explained));
        }
    }

    /** Oldest first, each on its own. One that fails goes to the end, so that it cannot keep the others back for ever. */
    private void payOwedEndings() {
        while (!owedEndings.isEmpty()) {
            WriteRequest ending = owedEndings.remove();
            if (attempt(List.of(ending)) != null) {
                owedEndings.add(ending);
                return;
            }
        }
    }

    /** A head that cannot be written weakens the detection of a rollback, not the ledger: the commit is durable. */
    private void raiseHead() {
        try {
            head.write(new HeadFile.Head(sessions.ledgerId(), commitSeq));
            headIsStale = false;
        } catch (IOException e) {
            if (!headIsStale) {
                Failures.LOG.log(Level.WARNING, "The head file of the ledger cannot be written: {0}", Failures.name(e));
            }
            headIsStale = true;
        }
    }
}
