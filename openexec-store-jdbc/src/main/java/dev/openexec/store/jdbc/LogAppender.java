package dev.openexec.store.jdbc;

import dev.openexec.evidence.TreeEdge;
import dev.openexec.store.Leaf;
import dev.openexec.store.LogPosition;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What one transaction appends to the log. If the transaction fails, so has this. */
final class LogAppender {

    private final Session session;
    private final LogSigner signer;
    private final TreeEdge edge;
    private final long before;

    private LogAppender(Session session, LogSigner signer, TreeEdge edge) {
        this.session = session;
        this.signer = signer;
        this.edge = edge;
        this.before = edge.size();
    }

    /** Reads how far the log is, in the transaction that is open. */
    static LogAppender begin(Session session, LogSigner signer) throws SQLException {
        return new LogAppender(session, signer, LogTables.edge(session));
    }

    /** Keeps a checkpoint of what was there before this transaction: that is durable, whoever wrote it. */
    void sign() throws SQLException {
        LogTables.sign(session, signer.log(), signer.checkpoint(edge));
    }

    /** Where the next receipt will stand. */
    LogPosition next() {
        return new LogPosition(signer.log(), edge.size());
    }

    /** Appends a receipt; gives its index. */
    long append(Leaf leaf, @Nullable LogPosition previous) throws SQLException {
        LogPosition position = next();
        String body = leaf.after(previous);
        LogTables.append(session, position, body);
        edge.append(body, (level, index, root) -> LogTables.subtree(session, position.log(), level, index, root));
        return position.index();
    }

    /** To be called before the commit: from then on the log is as long as this makes it. */
    void end() throws SQLException {
        if (hasGrown()) {
            LogTables.grow(session, before, edge);
        }
    }

    /** Whether there is a receipt that no checkpoint on the disk covers, once this is committed. */
    boolean hasGrown() {
        return edge.size() > before;
    }

    /** The log as it is after the commit. */
    TreeEdge edge() {
        return edge;
    }
}
