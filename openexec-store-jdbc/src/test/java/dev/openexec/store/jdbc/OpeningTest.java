package dev.openexec.store.jdbc;

import static dev.openexec.store.jdbc.TestStores.CLOCK;
import static dev.openexec.store.jdbc.TestStores.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.store.ExecutionStore.Opened;
import dev.openexec.store.StoreException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpeningTest {

    private @TempDir Path folder;
    private Path file;

    @BeforeEach
    void name() throws Exception {
        file = folder.toRealPath().resolve("ledger.db");
    }

    @ParameterizedTest
    @CsvSource({
        "PRAGMA busy_timeout, 1",
        "SAVEPOINT look, 1",
        "BEGIN IMMEDIATE, 1",
        "PRAGMA busy_timeout, 2",
        "SELECT type, 2",
        "PRAGMA query_only, 2"
    })
    void an_error_leaves_nothing_open_or_locked(String statement, int connections) {
        List<Connection> opened = new ArrayList<>();
        Interposed sqlite = new Interposed()
                .connectingBy(path -> {
                    Connection connection = ConnectionSource.sqlite().connect(path);
                    opened.add(connection);
                    return connection;
                })
                .before(statement, connection -> {
                    if (opened.size() == connections) {
                        throw new OutOfMemoryError("of this test");
                    }
                });

        assertThatThrownBy(() -> new SqliteStore(file, sqlite).open(true, CLOCK))
                .isInstanceOf(OutOfMemoryError.class);

        assertThat(opened)
                .hasSize(connections)
                .allSatisfy(connection -> assertThat(connection.isClosed()).isTrue());
        assertThat(folder).isDirectoryNotContaining("glob:**.boot-*");
        assertThat(System.getProperties().values().toString()
                        + System.getProperties().keySet())
                .doesNotContain(file.toString());
    }

    @Test
    void what_another_process_commits_between_two_looks_is_not_half_seen() throws Exception {
        ReferenceDatabase.with(
                file, ReferenceDatabase.ROW, "PRAGMA journal_mode = wal"); // where readers keep nobody out
        AtomicBoolean looked = new AtomicBoolean();
        try (SqliteStore early = SqliteStore.at(file);
                SqliteStore late = new SqliteStore(file, new Interposed().after("SELECT type", connection -> {
                            if (!looked.getAndSet(true)) {
                                early.open(true, CLOCK); // imports, and the table that was seen has another name
                            }
                        }))) {
            Opened there = late.open(true, CLOCK);

            assertThat(there.ledgerId())
                    .isEqualTo(Sql.texts(file, "SELECT ledger_id FROM oe_meta").get(0));
        }
        assertThat(Sql.number(file, "SELECT count(*) FROM oe_execution")).isOne();
    }

    @Test
    void a_file_with_two_names_is_refused_since_each_name_has_a_log_of_its_own() throws Exception {
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
        }
        Path other = Files.createLink(folder.resolve("other.db"), file);

        assertRefused(SqliteStore.at(other), Reason.STORE_UNAVAILABLE);
        assertRefused(SqliteStore.at(file), Reason.STORE_UNAVAILABLE);

        Files.delete(other);
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
        }
    }
}
