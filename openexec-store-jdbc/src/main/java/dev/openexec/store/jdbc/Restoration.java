package dev.openexec.store.jdbc;

import dev.openexec.store.ExecutionStore.Floors;
import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import dev.openexec.store.jdbc.LedgerView.Head;
import dev.openexec.store.jdbc.LedgerView.Life;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Goes on with an older copy of a ledger. What was claimed since the copy was made is forgotten: so no approval is taken
 * that may have been spent in that time, because it was issued before now, or within the next minute by an issuer whose
 * clock is ahead.
 */
final class Restoration {

    private final LedgerFile file;
    private final InstantSource clock;

    Restoration(LedgerFile file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
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
        Optional<HeadFile.Head> seen = HeadFile.read(file.head());
        Meta meta = Meta.read(session);
        Instant now = clock.instant();
        check(meta, seen, now);
        Meta.acceptRestored(session, now.plus(Meta.ISSUER_LEAD), seen.orElseThrow());
        Meta accepted = Meta.read(session);
        session.execute("COMMIT");
        try (HeadFile head = HeadFile.open(file.head())) {
            head.write(new HeadFile.Head(accepted.ledgerId(), accepted.commitSeq()));
        }
    }

    private void check(Meta meta, Optional<HeadFile.Head> seen, Instant now) throws IOException, SQLException {
        Head head = StatusReport.head(seen, meta);
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
