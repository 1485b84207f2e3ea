package dev.openexec.store.jdbc;

import dev.openexec.evidence.LogKey;
import dev.openexec.evidence.TreeEdge;
import dev.openexec.store.ExecutionStore.Floors;
import dev.openexec.store.Leaf;
import dev.openexec.store.Receipts;
import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import dev.openexec.store.jdbc.LedgerView.Head;
import dev.openexec.store.jdbc.LedgerView.Life;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * Goes on with an older copy of a ledger. What was claimed since the copy was made is forgotten: so no approval is taken
 * that may have been spent in that time, because it was issued before now, or within the next minute by an issuer whose
 * clock is ahead.
 */
final class Restoration {

    private final LedgerFile file;
    private final InstantSource clock;
    private final Map<String, String> details;

    Restoration(LedgerFile file, InstantSource clock, Map<String, String> details) {
        this.file = file;
        this.clock = clock;
        this.details = Map.copyOf(details);
    }

    void accept() {
        try {
            file.requireThere();
            SoleClassLoader sole = SoleClassLoader.enter(file.path());
            try (Session session = Session.connect(ConnectionSource.sqlite(), file.path())) {
                accept(session);
            } finally {
                sole.close();
            }
        } catch (IOException | SQLException e) {
            throw Failures.explain(e);
        }
    }

    /** A crash between the commit and the head leaves a head that fits, or one that is still to be accepted. */
    private void accept(Session session) throws IOException, SQLException {
        if (Schema.look(session) != Schema.Content.LEDGER) {
            throw new StoreException(Reason.SCHEMA_MISMATCH, "The file holds no ledger of this version");
        }
        session.applySettings();
        session.switchToWal();
        session.execute("BEGIN IMMEDIATE");
        Continuity continuity = Continuity.of(file);
        Meta meta = Meta.read(session);
        Instant now = clock.instant();
        check(meta, continuity.judge(session, meta), now);
        long commits = continuity.seen().map(HeadFile.Head::commitSeq).orElse(0L);
        long seen = continuity.seen().map(HeadFile.Head::log).orElse(0L);
        Meta.acceptRestored(session, now.plus(Meta.ISSUER_LEAD), commits, seen);
        Meta accepted = Meta.read(session);
        TreeEdge log = beginLog(session, meta, accepted, now);
        session.execute("COMMIT");
        try (HeadFile head = HeadFile.open(file.head())) {
            head.write(new HeadFile.Head(
                    accepted.ledgerId(), accepted.commitSeq(), accepted.generation(), log.size(), log.root()));
        }
    }

    /** A log of its own: what was signed of the former one, and is forgotten, would contradict what would follow there. */
    private TreeEdge beginLog(Session session, Meta former, Meta accepted, Instant now)
            throws IOException, SQLException {
        LogKey key = new LogKey(Continuity.origin(accepted), LogKeyFile.readOrMake(file.logKey()));
        LogTables.begin(session, accepted.generation(), key);
        LogAppender log = LogAppender.begin(session, new LogSigner(accepted.generation(), key));
        Map<String, String> said = new HashMap<>(details);
        said.put("formerly", Continuity.origin(former));
        Leaf restored = new Receipts(accepted.ledgerId()).control("restored", now, said);
        long first = log.append(restored, null);
        if (first != 0) {
            throw new SQLException("A new log has receipts already");
        }
        log.end();
        return log.edge();
    }

    private void check(Meta meta, Head head, Instant now) throws IOException, SQLException {
        if (head == Head.MISSING || head == Head.FITS) {
            throw new IllegalStateException("There is nothing to accept: the ledger fits what was seen of it");
        }
        for (String boot : file.boots()) {
            if (BootLock.probe(file.boot(boot)) == Life.ALIVE) {
                throw new StoreException(Reason.STORE_UNAVAILABLE, "The ledger is in use: stop what has it open first");
            }
        }
        if (meta.floors().latestSignedClaim().isAfter(now.plus(Floors.CLOCK_SLACK))) {
            throw new StoreException(
                    Reason.CLOCK_UNSAFE,
                    "The clock is behind the latest signed claim: by it no approval can be told to be new");
        }
    }
}
