package dev.openexec.store.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Databases of the Python reference: the one that it made itself, and others like it. */
final class ReferenceDatabase {

    /** A row as the reference writes it. */
    static final String ROW = "INSERT INTO execution_log VALUES ('0b2b3c65-6b2e-4f2b-8d0a-0d3a5b1f7c11', 'pay',"
            + " '{\"amount\": 100}', '{\"entry\": 1}', 'n-1', 1, '2026-11-22 11:00:00.000001')";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ReferenceDatabase() {}

    /** The SQL of an object of so many bytes, as the reference writes it. */
    static String object(int bytes) {
        String shortest = "{\"entry\": [1]}";
        int elements = (bytes - shortest.length()) / 3;
        String digits = "1".repeat(1 + (bytes - shortest.length()) % 3);
        return "'{\"entry\": [" + digits + "' || replace(hex(zeroblob(" + elements + ")), '00', ', 1') || ']}'";
    }

    /** Made by the reference. */
    static void genuine(Path file) throws SQLException {
        Sql.execute(file, statements());
    }

    /** As the reference makes it, without its rows but with these statements executed. */
    static void with(Path file, String... statements) throws SQLException {
        Sql.execute(file, statements()[0]);
        Sql.execute(file, statements);
    }

    /** Of so many rows that no cache of ours holds them, with nonces that begin with 0. */
    static void large(Path file, int rows) throws SQLException {
        with(file);
        try (Connection connection = Sql.connect(file);
                PreparedStatement insert = connection.prepareStatement("""
                        WITH RECURSIVE row (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM row WHERE i + 1 < ?)
                        INSERT INTO execution_log
                        SELECT printf('00000000-0000-4000-8000-%012x', i), 'pay', '{"amount": 100}',
                          '{"text": "' || hex(zeroblob(1000)) || '"}', CAST(i AS TEXT), 1, '2026-11-22 11:00:00.000001'
                        FROM row""")) {
            insert.setInt(1, rows);
            insert.executeUpdate();
        }
    }

    /** What the genuine one was asked: each with members request, status and, if that is 200, answer. */
    static Stream<JsonNode> answers() {
        return resource("answers.jsonl").lines().map(ReferenceDatabase::tree);
    }

    /** What a JSON string means. */
    static String text(String literal) {
        return tree(literal).asText();
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String[] statements() {
        return List.of(resource("executions.sql").split(";\n", 0)).toArray(String[]::new);
    }

    private static String resource(String name) {
        try (InputStream in = ReferenceDatabase.class.getResourceAsStream("/reference/" + name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
