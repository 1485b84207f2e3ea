package dev.openexec.store.jdbc;

import dev.openexec.json.Digest;
import dev.openexec.store.LogPosition;
import dev.openexec.store.ReceiptLog;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the logs in a transaction that is open. */
final class SqlLog implements ReceiptLog {

    private final Session session;
    private final long current;
    private final @Nullable LogSigner signer;

    /**
     * @param current which log is appended to
     * @param signer null where there is no key: then logs are as far as they are signed
     */
    SqlLog(Session session, long current, @Nullable LogSigner signer) {
        this.session = session;
        this.current = current;
        this.signer = signer;
    }

    /** What a question about a log fails with where the ledger cannot be read. */
    static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Unreadable(SQLException cause) {
            super(cause);
        }

        SQLException reason() {
            return Objects.requireNonNull((SQLException) getCause());
        }
    }

    @Override
    public long current() {
        return current;
    }

    @Override
    public List<Long> logs() {
        return read(() -> LogTables.all(session));
    }

    @Override
    public Head head(long log) {
        return read(() -> {
            LogTables.Row row = LogTables.read(session, log);
            String checkpoint = signer != null && signer.log() == log && log == current
                    ? signer.checkpoint(LogTables.edge(session))
                    : row.checkpoint();
            return known(row.verifierKey(), checkpoint);
        });
    }

    @Override
    public Optional<Head> cosigned(long log) {
        return read(() -> {
            LogTables.Row row = LogTables.read(session, log);
            String checkpoint = row.cosigned();
            return checkpoint == null ? Optional.empty() : Optional.of(known(row.verifierKey(), checkpoint));
        });
    }

    private static Head known(String verifierKey, String checkpoint) throws SQLException {
        try {
            return Head.of(verifierKey, checkpoint);
        } catch (IllegalArgumentException e) {
            throw new SQLException("The checkpoint of a log is damaged", e);
        }
    }

    @Override
    public List<String> receipts(LogPosition first, int count) {
        return read(() -> LogTables.receipts(session, first, count));
    }

    @Override
    public List<Digest> subtrees(long log, int level, long first, int count) {
        return read(() -> LogTables.subtrees(session, log, level, first, count));
    }

    @Override
    public Optional<LogPosition> lastOf(UUID executionId) {
        return read(() -> LogTables.lastOf(session, executionId));
    }

    private interface Question<T> {
        T ask() throws SQLException;
    }

    private static <T> T read(Question<T> question) {
        try {
            return question.ask();
        } catch (SQLException e) {
            throw new Unreadable(e);
        }
    }
}
