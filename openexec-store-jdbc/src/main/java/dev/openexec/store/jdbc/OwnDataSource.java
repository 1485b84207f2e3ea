package dev.openexec.store.jdbc;

import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import javax.sql.DataSource;
import org.sqlite.SQLiteConnection;

/**
 * Connections of the embedding program, each looked at before anything is done with it.
 *
 * <p>Only the driver's own are accepted. What wraps one does not say who else holds it or what becomes of it after {@code
 * close()}: a pool would lend it on, settings and all. And a wrapped connection of another copy of the driver would be a
 * second SQLite in this process, which drops the first one's POSIX locks.
 */
record OwnDataSource(DataSource dataSource) implements ConnectionSource {

    /** Every connection that was ever accepted in this process. */
    private static final Set<Connection> TAKEN =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    @Override
    public Connection connect(Path file) throws SQLException {
        NativeLibrary.load();
        Connection connection = dataSource.getConnection();
        boolean ofTheDriver = connection instanceof SQLiteConnection;
        if (ofTheDriver && !TAKEN.add(connection)) { // and not closed: it is somebody else's
            throw refusal("The DataSource handed out a connection that it had handed out before");
        }
        try {
            if (!ofTheDriver) {
                throw refusal("The DataSource must hand out connections of org.sqlite.SQLiteConnection itself, such as"
                        + " org.sqlite.SQLiteDataSource makes: no pool's and no proxy's");
            }
            requireUnused(connection, file);
            return connection;
        } catch (SQLException | RuntimeException e) {
            Failures.closeQuietly(connection);
            throw e;
        }
    }

    private static void requireUnused(Connection connection, Path file) throws SQLException {
        if (!connection.getAutoCommit()) {
            throw refusal("The DataSource must hand out connections that commit by themselves");
        }
        List<String> databases = databases(connection);
        if (databases.size() != 1) {
            throw refusal("The DataSource must hand out connections without attached databases and temporary tables");
        }
        if (!isFile(databases.get(0), file)) {
            throw refusal("The DataSource connects to another database than " + file);
        }
    }

    /** The files of all databases, the main one first. One in memory has an empty name. */
    private static List<String> databases(Connection connection) throws SQLException {
        List<String> files = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA database_list")) {
            while (rows.next()) {
                files.add(rows.getString("file"));
            }
        }
        return files;
    }

    /**
     * By its path, the one that SQLite names the log and its locks after: another link to the same file would have a log
     * of its own.
     */
    private static boolean isFile(String name, Path file) {
        try {
            return !name.isEmpty() && Path.of(name).equals(file);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static StoreException refusal(String message) {
        return new StoreException(Reason.SETTINGS_REFUSED, message);
    }
}
