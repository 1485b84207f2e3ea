package dev.openexec.store.jdbc;

import dev.openexec.evidence.LogKey;
import dev.openexec.evidence.TreeEdge;
import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Opens a ledger: looks at everything before it changes anything, and refuses rather than guesses. */
final class Opening {

    private final LedgerFile file;
    private final InstantSource clock;
    private final ConnectionSource source;
    private final List<String> definitions;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    Opening(Path file, InstantSource clock, ConnectionSource source, List<String> definitions) {
        this.definitions = definitions;
        this.file = LedgerFile.at(file);
        this.clock = clock;
        this.source = source;
    }

    OpenLedger open(boolean signed) {
        try {
            return enter(signed);
        } catch (Throwable e) { // even an Error, of no memory for one: nothing may stay locked
            opened.forEach(Failures::closeQuietly);
            if (e instanceof Error error) {
                throw error;
            }
            throw Failures.explain(e);
        }
    }

    private OpenLedger enter(boolean signed) throws IOException, SQLException {
        SoleClassLoader sole = keep(SoleClassLoader.enter(file.path()));
        Optional<HeadFile.Head> seen = HeadFile.read(file.head()); // before the ledger, which may move on meanwhile
        if (seen.isPresent() && file.isMissingOrEmpty()) {
            throw Continuity.refused("The ledger is gone, but its head file is there");
        }
        LedgerFile.createPrivate(file.path());
        file.requireOneName();
        Session session = keep(Session.connect(source, file.path()));
        // One look: another process may be importing just now. No BEGIN, because each of those has the ledger's
        // settings.
        session.execute("SAVEPOINT look");
        Schema.Content content = Schema.look(session); // refuses a foreign database before anything is changed
        session.execute("RELEASE look");
        session.applySettings();
        if (content == Schema.Content.REFERENCE) {
            if (seen.isPresent()) {
                throw Continuity.refused(
                        "The head file is of a ledger, but the database is still the Python reference's");
            }
            ReferenceImport.run(session, file, clock);
        }
        session.switchToWal();
        BootLock lock = keep(BootLock.take(file));
        HeadFile head = keep(HeadFile.open(file.head()));
        HeadFile.Head entered = enter(session, seen, signed, clock.instant());
        head.write(entered);
        Meta meta = Meta.read(session);
        LogKey key = new LogKey(
                Continuity.origin(meta), LogKeyFile.read(file.logKey()).orElseThrow());
        LogSigner signer = new LogSigner(meta.generation(), key);
        Sessions sessions = new Sessions(source, file, file.identity(), meta.ledgerId());
        Reader reader = new Reader(sessions, keep(sessions.reading()));
        Writer writer = new Writer(sessions, session, lock, head, signer, entered.commitSeq());
        return new OpenLedger(file, meta, clock, writer, signer, reader, sole);
    }

    /** How far the ledger is by then. */
    private HeadFile.Head enter(Session session, Optional<HeadFile.Head> seen, boolean signed, Instant now)
            throws IOException, SQLException {
        session.execute("BEGIN IMMEDIATE");
        if (Schema.look(session) == Schema.Content.NOTHING) {
            Schema.create(session);
            Meta.create(session, LogKeyFile.readOrMake(file.logKey()), now, now);
        }
        Schema.add(session, definitions);
        Meta meta = Meta.read(session);
        new Continuity(seen, LogKeyFile.read(file.logKey())).require(session, meta);
        if (meta.floors().signed() && !signed) {
            throw new StoreException(
                    Reason.LEDGER_IS_SIGNED, "The ledger was opened in signed mode before and is not for demo mode");
        }
        if (signed) {
            Meta.markSigned(session);
        }
        Meta.advance(session);
        TreeEdge log = LogTables.edge(session);
        HeadFile.Head entered = new HeadFile.Head(
                meta.ledgerId(), Meta.read(session).commitSeq(), meta.generation(), log.size(), log.root());
        session.execute("COMMIT");
        return entered;
    }

    /** To be closed if the ledger does not open, the last one first. */
    private <T extends AutoCloseable> T keep(T resource) {
        opened.push(resource);
        return resource;
    }
}
