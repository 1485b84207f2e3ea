package dev.openexec.store.jdbc;

import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.evidence.LogKey;
import dev.openexec.evidence.TreeEdge;
import dev.openexec.json.Digest;
import dev.openexec.store.LogPosition;
import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import dev.openexec.store.jdbc.LedgerView.Head;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Whether a ledger goes on from what was seen of it on this host: the head file says how far it was, and the key file who
 * signs for it. A missing or torn head says nothing.
 *
 * @param seen the head file, read before the ledger, which may move on meanwhile
 * @param key the key file
 */
record Continuity(Optional<HeadFile.Head> seen, Optional<Ed25519SigningKey> key) {

    static Continuity of(LedgerFile file) throws IOException {
        return new Continuity(HeadFile.read(file.head()), LogKeyFile.read(file.logKey()));
    }

    /** Judges the ledger in the transaction that is open. */
    Head judge(Session session, Meta meta) throws SQLException {
        if (seen.isPresent() && !seen.get().ledgerId().equals(meta.ledgerId())) {
            return Head.OF_ANOTHER_LEDGER;
        }
        if (seen.isPresent() && meta.commitSeq() < seen.get().commitSeq()) {
            return Head.AHEAD;
        }
        LogTables.Row log = LogTables.read(session, meta.generation());
        if (key.isEmpty() || !verifierKey(meta, key.get()).equals(log.verifierKey())) {
            return Head.LOG_KEY_LOST;
        }
        if (!isWhole(session, meta, LogTables.edge(session))) {
            return Head.LOG_CHANGED;
        }
        return seen.isEmpty() ? Head.MISSING : Head.FITS;
    }

    private static String verifierKey(Meta meta, Ed25519SigningKey key) {
        return new LogKey(origin(meta), key).verifierKey().toString();
    }

    static String origin(Meta meta) {
        return LogPosition.origin(meta.ledgerId(), meta.generation());
    }

    /** Whether the tree, read from its tiles and its last receipts, is as its edge says, and was once as it was seen. */
    private boolean isWhole(Session session, Meta meta, TreeEdge edge) {
        try {
            long size = edge.size();
            if (!root(session, meta, size).equals(edge.root())) {
                return false;
            }
            return seen.isEmpty()
                    || seen.get().log() != meta.generation()
                    || (seen.get().logSize() <= size
                            && root(session, meta, seen.get().logSize())
                                    .equals(seen.get().logRoot()));
        } catch (SqlLog.Unreadable e) {
            return false;
        }
    }

    private static Digest root(Session session, Meta meta, long size) {
        return new SqlLog(session, meta.generation(), null)
                .tree(meta.generation(), size)
                .root();
    }

    /** Signs for the log as it is; there is none unless the ledger may be gone on with. */
    Optional<LogSigner> signer(Session session, Meta meta) throws SQLException {
        Head head = judge(session, meta);
        return head == Head.FITS || head == Head.MISSING
                ? key.map(secret -> new LogSigner(meta.generation(), new LogKey(origin(meta), secret)))
                : Optional.empty();
    }

    /** Passes if the ledger may be gone on with. */
    void require(Session session, Meta meta) throws SQLException {
        switch (judge(session, meta)) {
            case MISSING, FITS -> {}
            case OF_ANOTHER_LEDGER -> throw refused("The ledger is not the one that its head file belongs to");
            case AHEAD -> throw refused("The ledger is older than its head file: was an older copy restored?");
            case LOG_KEY_LOST -> throw refused("The key of the ledger's log is missing, or another one");
            case LOG_CHANGED -> throw refused("The ledger's log is not what it was when it was seen last");
        }
    }

    static StoreException refused(String message) {
        return new StoreException(Reason.LEDGER_ROLLBACK_DETECTED, message);
    }
}
