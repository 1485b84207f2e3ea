package dev.openexec.store.jdbc;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.sqlite.JDBC;

/** Where connections come from: the place at which tests stand between the store and SQLite. */
interface ConnectionSource {

    Connection connect(Path file) throws SQLException;

    /**
     * Connections of the driver to a file that exists. The path travels as a URI, whose escapes leave nothing for the
     * driver to interpret.
     */
    static ConnectionSource sqlite() {
        Properties properties = new Properties();
        properties.setProperty("jdbc.get_generated_keys", "false");
        return file -> {
            NativeLibrary.load();
            return JDBC.createConnection(JDBC.PREFIX + file.toUri() + "?mode=rw", properties);
        };
    }

    static Connection inMemory() throws SQLException {
        NativeLibrary.load();
        return JDBC.createConnection(JDBC.PREFIX + ":memory:", new Properties());
    }
}
