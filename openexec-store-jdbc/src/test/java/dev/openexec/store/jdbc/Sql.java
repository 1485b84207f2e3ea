package dev.openexec.store.jdbc;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Looks into a ledger, and tampers with it, past the store. */
final class Sql {

    private Sql() {}

    static void execute(Path file, String... statements) throws SQLException {
        try (Connection connection = connect(file)) {
            execute(connection, statements);
        }
    }

    static void execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    static long number(Path file, String sql) throws SQLException {
        return Long.parseLong(texts(file, sql).get(0));
    }

    /** The first column. */
    static List<String> texts(Path file, String sql) throws SQLException {
        try (Connection connection = connect(file)) {
            return texts(connection, sql);
        }
    }

    static List<String> texts(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }

    static long commits(Path file) throws SQLException {
        return number(file, "SELECT commit_seq FROM oe_meta");
    }

    static Connection connect(Path file) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }
}
