package dev.openexec.store.jdbc;

import dev.openexec.json.Digest;
import dev.openexec.store.Claim;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.Outcome;
import dev.openexec.store.ReceiptLog;
import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A ledger in a SQLite file on a local disk. Several store objects, in one process or in several on the same host, may
 * have the same file open; a network file system is not supported.
 *
 * <p>Beside the database {@code <file>} lie, while it is open, SQLite's {@code <file>-wal} and {@code <file>-shm} and a
 * lock {@code <file>.boot-…} for every open store. Three files are always there: {@code <file>.head}, by which an older copy of
 * the database is recognised and refused, since what was claimed after that copy could run again; {@code <file>.log-key},
 * the secret key that signs the checkpoints of its log; and {@code <file>.ballast}, 1 MiB of room for endings on a full disk,
 * without which nothing is claimed. Nothing but this class may change the
 * database; reading it with SQLite's own tools is fine.
 *
 * <p>Thread-safe.
 */
public final class SqliteStore implements ExecutionStore {

    private final Path file;
    private final ConnectionSource source;
    private final List<String> definitions;
    private boolean opened;
    private volatile @Nullable OpenLedger ledger;

    SqliteStore(Path file, ConnectionSource source) {
        this(file, source, List.of());
    }

    private SqliteStore(Path file, ConnectionSource source, List<String> definitions) {
        this.file = file;
        this.source = source;
        this.definitions = definitions;
    }

    /**
     * {@return a ledger in this file, not yet opened}
     *
     * @param file need not exist; its folder must
     */
    public static SqliteStore at(Path file) {
        return new SqliteStore(file, ConnectionSource.sqlite());
    }

    /**
     * A ledger in this file over connections of your own, not yet opened: for a program that sets its connections up in a way
     * of its own.
     *
     * <p>The store asks for one connection to write and one to read when it opens, and for a new one after an error. Each
     * must be new, unused and the store's alone until the store closes it. Refused, as
     * {@link StoreException.Reason#SETTINGS_REFUSED}, is one that
     *
     * <ul>
     *   <li>is not the driver's own ({@code org.sqlite.SQLiteConnection}), but a pool's or a proxy
     *   <li>was handed out before
     *   <li>leads to another file, or to the same file by another link; or to more than one database
     *   <li>does not commit by itself
     *   <li>does not take the settings that the ledger needs, which replace those of the data source
     * </ul>
     *
     * @param file need not exist, and is made before the first connection; its folder must
     * @param connections thread-safe; called on the store's threads
     * @return the ledger
     */
    public static SqliteStore at(Path file, DataSource connections) {
        return new SqliteStore(file, new OwnDataSource(connections));
    }

    /**
     * The same ledger, not yet opened, with tables of yours in its file, for TRANSACTIONAL actions.
     *
     * <p>The definitions are run each time it opens: {@code CREATE TABLE IF NOT EXISTS account (id TEXT PRIMARY KEY, …)}, and
     * likewise indexes, triggers and views. None may mention a name that begins with {@code oe_}, {@code sqlite_}, {@code
     * pragma_} or {@code execution_log}, not even in a string, nor the word {@code ROLLBACK}, nor the tables and functions
     * that are listed in docs/plugins.md; virtual and temporary tables and AUTOINCREMENT are refused. {@link #open} then
     * fails and says which definition it is, by its number from 1. What is already in the file is held to the same, however
     * it came there: it is looked at whenever a connection is opened. To change a table later, close the ledger and use
     * SQLite's own tools.
     *
     * @param definitions of what there is to be, each a single statement
     * @return a store of its own; do not open both
     */
    public SqliteStore withTables(String... definitions) {
        return new SqliteStore(file, source, List.of(definitions));
    }

    /**
     * Goes on with a ledger that {@link #open} refuses as {@link StoreException.Reason#LEDGER_ROLLBACK_DETECTED} because an
     * older copy of it was restored, another ledger put in its place, its log changed or its log key lost. What was claimed since the copy was made is
     * forgotten, so no approval is taken any more that was issued before now, or within the next minute. A nonce that was
     * used since then without an approval can be used again. The ledger keeps its id, and its generation is one more;
     * from now on receipts go to a log of their own.
     *
     * @param file of the ledger that was put there
     * @param clock must be right: by it approvals are told to be new
     * @param details who says so and why, by short names: they go into the first receipt of the new log, as they are
     * @throws IllegalStateException if the ledger is not refused for such a reason: there is nothing to accept
     * @throws StoreException if a process has the ledger open, if the clock is behind the ledger's latest signed claim, or if
     *     the ledger is not as it must be; it is then unchanged
     */
    public static void acceptRestored(Path file, InstantSource clock, Map<String, String> details) {
        new Restoration(LedgerFile.at(file), clock, details).accept();
    }

    /**
     * Writes a ledger's file anew, so that nothing of what was erased or pruned is left in it or in its write-ahead log. Others may
     * have it open; they cannot write meanwhile, which takes about as long as copying the file, twice.
     *
     * @param file of a ledger
     * @throws StoreException if others keep it from coming to its end, or the file holds no ledger: the ledger is unchanged
     */
    public static void compact(Path file) {
        Compaction.run(LedgerFile.at(file));
    }

    /**
     * {@inheritDoc}
     *
     * <p>A missing or empty file becomes a new ledger. A database of the Python reference is imported: its executions keep
     * their ids, results and receipts, its nonces are protected, and no approval that was issued within the next minute is
     * taken, since the reference may have run it. Any other file must have exactly the tables that this version ships, and
     * beside them at most such as {@link #withTables} would make.
     */
    @Override
    public synchronized Opened open(boolean signed, InstantSource clock) {
        if (opened) {
            throw new IllegalStateException("A store opens once");
        }
        opened = true;
        OpenLedger open = new Opening(file, clock, source, definitions).open(signed);
        ledger = open;
        return new Opened(open.ledgerId(), open.issueFloor(), true);
    }

    @Override
    public CompletionStage<Outcome> write(Write write) {
        OpenLedger open = ledger;
        return open == null ? notOpen() : open.write(write);
    }

    @Override
    public boolean transactional() {
        return true;
    }

    /**
     * {@inheritDoc}
     *
     * <p>The connection takes single {@code SELECT}, {@code INSERT}, {@code UPDATE}, {@code DELETE} and {@code WITH} statements
     * with {@code ?} for parameters, whose values are plain ones of Java. It refuses every text that mentions a name beginning
     * with {@code oe_}, {@code sqlite_}, {@code pragma_} or {@code execution_log}, quoted or not, the word {@code
     * ROLLBACK}, or one of the tables and functions that are listed in docs/plugins.md; any other statement; and every
     * method that an action has no need of. An error after which SQLite gives up the transaction, a full disk for one, makes
     * the outcome INDETERMINATE, although nothing is kept: what else happened is not known.
     */
    @Override
    public CompletionStage<Outcome> transact(Claim claim, Duration budget, Executor thread, Work work) {
        OpenLedger open = ledger;
        return open == null ? notOpen() : open.transact(claim, budget, thread, work);
    }

    @Override
    public <T> CompletionStage<T> log(Function<ReceiptLog, T> question) {
        OpenLedger open = ledger;
        return open == null ? notOpen() : open.log(question);
    }

    @Override
    public CompletionStage<Optional<StoredExecution>> find(List<Digest> keys) {
        OpenLedger open = ledger;
        List<Digest> copy = List.copyOf(keys);
        return open == null ? notOpen() : open.ask(new Find<>(session -> Rows.find(session, copy)));
    }

    @Override
    public CompletionStage<Optional<StoredExecution>> execution(UUID executionId) {
        OpenLedger open = ledger;
        return open == null ? notOpen() : open.ask(new Find<>(session -> Rows.byId(session, executionId)));
    }

    @Override
    public CompletionStage<List<StoredExecution>> executions(@Nullable UUID after, int limit) {
        OpenLedger open = ledger;
        return open == null ? notOpen() : open.ask(new Find<>(session -> Rows.after(session, after, limit)));
    }

    @Override
    public CompletionStage<List<Orphan>> orphans(@Nullable UUID after, int limit) {
        OpenLedger open = ledger;
        return open == null ? notOpen() : open.orphans(after, limit);
    }

    @Override
    public synchronized void close() {
        opened = true; // a closed store opens no more
        if (ledger != null) {
            ledger.close();
            ledger = null;
        }
    }

    static <T> CompletableFuture<T> notOpen() {
        return CompletableFuture.failedFuture(new StoreException(Reason.STORE_UNAVAILABLE, "The store is not open"));
    }
}
