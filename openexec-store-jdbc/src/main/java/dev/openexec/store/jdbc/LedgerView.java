package dev.openexec.store.jdbc;

import dev.openexec.store.ExecutionStore.Floors;
import dev.openexec.store.ReceiptLog;
import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import dev.openexec.store.StoredExecution;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a ledger in a SQLite file without opening it, for operators and auditors: whatever processes have it open, and
 * also where a store would refuse to open it because an older copy was restored. Nothing is written to it. Not thread-safe.
 */
public final class LedgerView implements AutoCloseable {

    /** Whether the store object behind a boot lock lives. */
    public enum Life {
        /** The lock is held. */
        ALIVE,
        /** The lock could be taken. */
        DEAD,
        /** There is no file, or none that we may open, which proves nothing. */
        UNKNOWN
    }

    /** What the head file says of the database. */
    public enum Head {
        /** There is none, or it is torn: it says nothing. */
        MISSING,
        /** The database is at least as far as it was ever seen. */
        FITS,
        /** The database is older than it was seen: an older copy was restored. */
        AHEAD,
        /** The database is another ledger than was seen here. */
        OF_ANOTHER_LEDGER,
        /** The key file of the log is missing, or has another key than the ledger's log. */
        LOG_KEY_LOST,
        /** The log is not what its tiles and receipts make of it, or not what it was when it was seen last. */
        LOG_CHANGED
    }

    /**
     * A ledger, as of one moment.
     *
     * @param ledgerId random, 32 hexadecimal digits, made with the ledger
     * @param generation 1, and one more for each restored copy that was accepted
     * @param floors what it holds against claims, its mode included
     * @param commits how many transactions have been committed
     * @param executions how many rows there are in each state that has any
     * @param boots the stores that have it open or that left running rows or a lock file behind
     * @param head what the head file says of it
     * @param databaseBytes the size of the file
     * @param walBytes the size of SQLite's write-ahead log beside it, 0 if there is none
     */
    public record Status(
            String ledgerId,
            long generation,
            Floors floors,
            long commits,
            SortedMap<String, Long> executions,
            Map<String, Life> boots,
            Head head,
            long databaseBytes,
            long walBytes) {}

    private final LedgerFile file;
    private final Session session;
    private final Deque<AutoCloseable> held;
    private @Nullable LogSigner signer;

    private LedgerView(LedgerFile file, Session session, Deque<AutoCloseable> held) {
        this.file = file;
        this.session = session;
        this.held = held;
    }

    /**
     * {@return a view of the ledger in this file}
     *
     * @param path of an existing ledger
     * @throws StoreException if there is none, or its tables are not exactly those that this version ships
     */
    public static LedgerView of(Path path) {
        LedgerFile file = LedgerFile.at(path);
        Deque<AutoCloseable> held = new ArrayDeque<>();
        try {
            file.requireThere();
            held.push(SoleClassLoader.enter(file.path()));
            Session session = Session.connect(ConnectionSource.sqlite(), file.path());
            held.push(session);
            if (Schema.look(session) != Schema.Content.LEDGER) {
                throw new StoreException(Reason.SCHEMA_MISMATCH, "The file holds no ledger of this version");
            }
            session.applySettings();
            session.becomeReadOnly();
            return new LedgerView(file, session, held);
        } catch (IOException | SQLException | RuntimeException e) {
            held.forEach(Failures::closeQuietly);
            throw Failures.explain(e);
        }
    }

    /** {@return the ledger's description, as of now} */
    public Status status() {
        return ask(() -> StatusReport.of(session, file));
    }

    /**
     * {@return a page of its rows, in the order of their ids as text}
     *
     * @param after the last id of the page before; null for the first page
     * @param limit at most so many, 1 or more
     */
    public List<StoredExecution> executions(@Nullable UUID after, int limit) {
        return ask(() -> Rows.after(session, after, limit));
    }

    /**
     * {@return a row; empty if there is none}
     *
     * @param executionId of a claim
     */
    public Optional<StoredExecution> execution(UUID executionId) {
        return ask(() -> Rows.byId(session, executionId));
    }

    /**
     * Asks the logs. Where the log's key file is there and the log is as it was seen last, what is in the ledger is signed now;
     * else the logs are as far as they were signed before.
     *
     * @param question is answered on this thread, at one moment of the ledger
     * @param <T> the answer's type
     * @return its answer
     */
    public <T> T log(Function<ReceiptLog, T> question) {
        return ask(() -> {
            Continuity continuity = Continuity.of(file);
            session.execute("BEGIN");
            try {
                Meta meta = Meta.read(session);
                if (signer == null
                        || signer.log() != meta.generation()) { // looked at once: it takes some hundred receipts
                    signer = continuity.signer(session, meta).orElse(null);
                }
                return question.apply(new SqlLog(session, meta.generation(), signer));
            } catch (SqlLog.Unreadable e) {
                throw e.reason();
            } finally {
                session.execute("ROLLBACK");
            }
        });
    }

    @Override
    public void close() {
        held.forEach(Failures::closeQuietly);
        held.clear();
    }

    private interface Question<T> {
        T answer() throws IOException, SQLException;
    }

    private static <T> T ask(Question<T> question) {
        try {
            return question.answer();
        } catch (IOException | SQLException e) {
            throw Failures.explain(e);
        }
    }
}
