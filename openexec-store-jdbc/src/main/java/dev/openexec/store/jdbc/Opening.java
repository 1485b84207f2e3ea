package dev.openexec.store.jdbc;

import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Opens a ledger: looks at everything before it changes anything, and refuses rather than guesses. */
final class Opening {

    private final LedgerFile file;
    private final InstantSource clock;
    private final ConnectionSource source;

    Opening(Path file, InstantSource clock, ConnectionSource source) {
        this.file = LedgerFile.at(file);
        this.clock = clock;
        this.source = source;
    }

    OpenLedger open(boolean signed, Instant now) {
        String bootId = Meta.randomId();
        Path boot = file.boot(bootId);
        try {
            Optional<HeadFile.Head> seen = HeadFile.read(file.head()); // before the ledger, which may move on meanwhile
            if (seen.isPresent() && file.isMissingOrEmpty()) {
                throw rolledBack("The ledger is gone, but its head file is there");
            }
            LedgerFile.createPrivate(file.path());
            BootLock.take(boot);
            try (Session session = Session.connect(source, file.path())) {
                Meta meta = enter(session, seen, signed, now);
                Sessions sessions = new Sessions(source, file, meta.ledgerId());
                HeadFile head = HeadFile.open(file.head());
                head.write(new HeadFile.Head(meta.ledgerId(), meta.commitSeq()));
                return new OpenLedger(sessions, clock, bootId, head, meta.commitSeq());
            } catch (IOException | SQLException | RuntimeException e) {
                BootLock.delete(boot);
                throw e;
            }
        } catch (IOException e) {
            throw LedgerFile.explain(e);
        } catch (SQLException e) {
            throw Failures.explain(e);
        }
    }

    private static Meta enter(Session session, Optional<HeadFile.Head> seen, boolean signed, Instant now)
            throws SQLException {
        Schema.isMissing(session); // refuses a foreign database before the settings, some of which it would keep
        session.applySettings();
        session.execute("BEGIN IMMEDIATE");
        if (Schema.isMissing(session)) {
            Schema.create(session);
            Meta.create(session, now);
        }
        Meta meta = Meta.read(session);
        check(meta, seen);
        if (meta.signed() && !signed) {
            throw new StoreException(
                    Reason.LEDGER_IS_SIGNED, "The ledger was opened in signed mode before and is not for demo mode");
        }
        if (signed) {
            Meta.markSigned(session);
        }
        Meta.advance(session);
        Meta entered = Meta.read(session);
        session.execute("COMMIT");
        return entered;
    }

    private static void check(Meta meta, Optional<HeadFile.Head> seen) {
        if (seen.isEmpty()) {
            return;
        }
        if (!seen.get().ledgerId().equals(meta.ledgerId())) {
            throw rolledBack("The ledger is not the one that its head file belongs to");
        }
        if (meta.commitSeq() < seen.get().commitSeq()) {
            throw rolledBack("The ledger is older than its head file: was an older copy restored?");
        }
    }

    private static StoreException rolledBack(String message) {
        return new StoreException(Reason.LEDGER_ROLLBACK_DETECTED, message);
    }
}
