package dev.openexec.store.jdbc;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One connection and its prepared statements. Transactions are plain {@code BEGIN} and {@code COMMIT} statements: the
 * driver's {@code setAutoCommit(false)} would begin the next transaction at once and keep every other writer out.
 */
final class Session implements AutoCloseable {

    /** How long SQLite waits for a lock that another writer holds. */
    static final int BUSY_TIMEOUT_MILLIS = 5_000;

    private static final String BUSY_TIMEOUT = "busy_timeout";
    private static final String OLDEST_SQLITE = "3.51.3"; // before it, a WAL reset can corrupt the file

    /** What durability and integrity rest on, and two sizes: set, then read back. */
    private static final Map<String, String> SETTINGS = new LinkedHashMap<>();

    static {
        SETTINGS.put("synchronous", "2"); // FULL: every commit reaches the disk
        SETTINGS.put("fullfsync", "1"); // on macOS a plain fsync does not
        SETTINGS.put("foreign_keys", "1");
        SETTINGS.put("trusted_schema", "0");
        SETTINGS.put("cell_size_check", "1");
        SETTINGS.put("ignore_check_constraints", "0");
        SETTINGS.put("read_uncommitted", "0"); // with a cache that is shared, the reader would see what is not durable
        SETTINGS.put("cache_size", "-16384"); // KiB. This and the next: half as many claims again each second as with
        SETTINGS.put("wal_autocheckpoint", "4096"); // the defaults, measured with 256 at a time, whose keys are random
    }

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    private Session(Connection connection) {
        this.connection = connection;
    }

    /** A connection that waits for locks and has changed nothing yet. */
    static Session connect(ConnectionSource source, Path file) throws SQLException {
        Session session = new Session(source.connect(file));
        try {
            session.set(BUSY_TIMEOUT, Integer.toString(BUSY_TIMEOUT_MILLIS));
            String version = String.valueOf(session.text("SELECT sqlite_version()"));
            if (Version.parse(version).compareTo(Version.parse(OLDEST_SQLITE)) < 0) {
                throw new StoreException(
                        Reason.SETTINGS_REFUSED, "SQLite " + version + " is older than " + OLDEST_SQLITE);
            }
            return session;
        } catch (Throwable e) {
            session.close();
            throw e;
        }
    }

    /** An empty database of its own, gone when it is closed. */
    static Session inMemory() throws SQLException {
        return new Session(ConnectionSource.inMemory());
    }

    /** Switches the settings of a connection on and refuses it if one does not hold. Changes nothing in the file. */
    void applySettings() throws SQLException {
        require("encoding", "UTF-8"); // a new database has it, and no other ever gets it
        require("locking_mode", "normal"); // an exclusive one keeps every other connection out for ever
        for (Map.Entry<String, String> setting : SETTINGS.entrySet()) {
            set(setting.getKey(), setting.getValue());
        }
    }

    /** Refuses the connection if a setting does not hold any more. */
    void requireSettings() throws SQLException {
        require(BUSY_TIMEOUT, Integer.toString(BUSY_TIMEOUT_MILLIS));
        require("journal_mode", "wal");
        require("locking_mode", "normal");
        for (Map.Entry<String, String> setting : SETTINGS.entrySet()) {
            require(setting.getKey(), setting.getValue());
        }
    }

    /** This connection, for an action. */
    Guard guarding(UUID executionId, Effects effects) {
        return new Guard(executionId, connection, effects);
    }

    /** From here on this connection only reads. */
    void becomeReadOnly() throws SQLException {
        set("query_only", "1");
    }

    /** One connection switches a new file; the others SQLite lets fail at once, where it should let them wait. */
    void switchToWal() throws SQLException {
        long start = System.nanoTime();
        while (true) {
            try {
                set("journal_mode", "wal");
                return;
            } catch (SQLException e) {
                if (!Failures.busy(e) || System.nanoTime() - start > MILLISECONDS.toNanos(BUSY_TIMEOUT_MILLIS)) {
                    throw e;
                }
                LockSupport.parkNanos(MILLISECONDS.toNanos(1));
            }
        }
    }

    private void set(String name, String value) throws SQLException {
        execute("PRAGMA " + name + " = '" + value + "'");
        require(name, value);
    }

    private void require(String name, String value) throws SQLException {
        String actual = text("PRAGMA " + name);
        if (!value.equals(actual)) {
            throw new StoreException(
                    Reason.SETTINGS_REFUSED, "SQLite's " + name + " is " + actual + " and must be " + value);
        }
    }

    /** The statement, prepared once. Its earlier results are gone. */
    PreparedStatement statement(String sql) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        return statement;
    }

    void execute(String sql) throws SQLException {
        PreparedStatement statement = statement(sql);
        if (statement.execute()) {
            statement.getResultSet().close(); // a statement left half read would keep its transaction open
        }
    }

    /** The first column of the first row, or null. */
    @Nullable String text(String sql) throws SQLException {
        try (ResultSet rows = statement(sql).executeQuery()) {
            return rows.next() ? rows.getString(1) : null;
        }
    }

    /** Never fails. Rolls back what is not committed. */
    @Override
    public void close() {
        Failures.closeQuietly(connection);
    }
}
