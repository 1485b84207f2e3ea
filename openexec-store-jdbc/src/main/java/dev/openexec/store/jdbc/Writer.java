package dev.openexec.store.jdbc;

import dev.openexec.evidence.TreeEdge;
import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The only one who writes: each batch is one transaction, hence one sync of the disk, and is answered after it.
 */
final class Writer extends Worker<WriteRequest> {

    private final Sessions sessions;
    private final BootLock lock;
    private final HeadFile head;
    private final LogSigner signer;
    private final Ballast ballast;
    private final Queue<WriteRequest> owed = new ArrayDeque<>(1 << 14); // memory may be short when one is added
    private long commitSeq;
    private boolean headIsStale;
    private boolean logHasGrown; // since the checkpoint that is on the disk

    Writer(Sessions sessions, Session first, BootLock lock, HeadFile head, LogSigner signer, long commitSeq) {
        super(sessions, first);
        this.sessions = sessions;
        this.lock = lock;
        this.head = head;
        this.signer = signer;
        this.ballast = new Ballast(sessions.file().ballast());
        this.commitSeq = commitSeq;
    }

    String bootId() {
        return lock.bootId();
    }

    @Override
    public void work(List<WriteRequest> batch) {
        payOwed();
        List<WriteRequest> affordable = ballast.isThere() ? batch : withoutClaims(batch);
        if (!affordable.isEmpty()) {
            super.work(affordable);
        }
    }

    private static List<WriteRequest> withoutClaims(List<WriteRequest> batch) {
        StoreException full = new StoreException(Reason.STORE_FULL, "The disk has no room for claims");
        batch.stream().filter(WriteRequest::needsRoom).forEach(request -> request.fail(full));
        return batch.stream().filter(request -> !request.needsRoom()).toList();
    }

    /** Endings are kept, whatever broke down, and of what may be committed nobody says that it is not. */
    @Override
    public void brokeDown(List<WriteRequest> batch, Throwable failure) {
        StoreException explained = Failures.explain(failure);
        for (WriteRequest request : batch) {
            if (request.isOwed() && !request.stage().isDone()) {
                owed.add(request);
            }
            request.fail(request.mayBeCommitted() && !request.isOwed() ? unconfirmed(explained) : explained);
        }
    }

    @Override
    public boolean unfinished() {
        return !owed.isEmpty();
    }

    @Override
    public void end() {
        payOwed();
        if (logHasGrown) {
            attempt(List.of()); // which has nothing to write but how far the log is, signed
        }
        boolean settled = nothingRuns();
        super.end();
        Failures.closeQuietly(head);
        Failures.closeQuietly(settled ? lock : lock::abandon);
    }

    private boolean nothingRuns() {
        try {
            return !Rows.openBoots(session()).contains(bootId());
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
        LogAppender log = LogAppender.begin(session, signer);
        boolean signing = requests.isEmpty() || requests.stream().anyMatch(WriteRequest::isBeat);
        if (signing) { // every few seconds: for whoever asks in between, what is durable by then is signed at once
            log.sign();
        }
        for (WriteRequest request : requests) {
            request.appendTo(log);
            request.run(session);
        }
        log.end();
        Instant latest = latestSignedClaim(requests);
        if (latest != null) {
            Meta.signedClaim(session, latest);
        }
        requests.forEach(Request::commitTried);
        session.execute("COMMIT");
        commitSeq = seq;
        logHasGrown = log.hasGrown() || (logHasGrown && !signing);
        raiseHead(log.edge());
    }

    private static @Nullable Instant latestSignedClaim(List<WriteRequest> requests) {
        return requests.stream()
                .map(WriteRequest::signedClaimAt)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    @Override
    void failed(WriteRequest request, Throwable reason) {
        StoreException explained = Failures.explain(reason);
        if (request.isOwed()) {
            if (isThereRoomAfter(reason) && attempt(List.of(request)) == null) {
                return;
            }
            owed.add(request);
            Failures.warn("An ending cannot be written now and is kept: {0}", reason);
        } else if (request.mayBeCommitted()) {
            settle(request, explained);
        }
        request.fail(explained);
    }

    /** A COMMIT that held it gave no answer: the token in the ledger does. */
    private void settle(WriteRequest request, StoreException explained) {
        try {
            request.done(session()).ifPresent(request::complete);
        } catch (IOException | SQLException | RuntimeException e) {
            request.fail(unconfirmed(explained));
        }
    }

    private static StoreException unconfirmed(StoreException explained) {
        return new StoreException(Reason.CLAIM_UNCONFIRMED, "Whether the claim is durable is not known", explained);
    }

    /** Oldest first, each on its own. One that fails goes to the end, so that it cannot keep the others back for ever. */
    private void payOwed() {
        while (!owed.isEmpty()) {
            WriteRequest ending = owed.element();
            Throwable failure = attempt(List.of(ending));
            if (failure != null && isThereRoomAfter(failure)) {
                failure = attempt(List.of(ending));
            }
            owed.remove();
            if (failure != null) {
                owed.add(ending);
                return;
            }
        }
    }

    /** Whether there is more room on a full disk now: what was set aside for endings. */
    private boolean isThereRoomAfter(Throwable failure) {
        return Failures.explain(failure).reason() == Reason.STORE_FULL && ballast.drop();
    }

    /** A head that cannot be written weakens the detection of a rollback, not the ledger: the commit is durable. */
    private void raiseHead(TreeEdge log) {
        try {
            head.write(new HeadFile.Head(sessions.ledgerId(), commitSeq, signer.log(), log.size(), log.root()));
            headIsStale = false;
        } catch (IOException e) {
            if (!headIsStale) {
                Failures.warn("The head file of the ledger cannot be written: {0}", e);
            }
            headIsStale = true;
        }
    }
}
