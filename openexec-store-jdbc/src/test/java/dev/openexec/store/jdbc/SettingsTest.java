package dev.openexec.store.jdbc;

import static dev.openexec.store.jdbc.TestStores.CLOCK;
import static dev.openexec.store.jdbc.TestStores.assertRefused;
import static dev.openexec.store.jdbc.TestStores.claimed;
import static dev.openexec.store.jdbc.TestStores.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class SettingsTest {

    private @TempDir Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("ledger.db");
    }

    @Test
    void every_connection_that_works_has_the_settings() throws Exception {
        List<List<String>> writers = Collections.synchronizedList(new ArrayList<>());
        List<List<String>> readers = Collections.synchronizedList(new ArrayList<>());
        Interposed sqlite = new Interposed()
                .before("BEGIN IMMEDIATE", connection -> writers.add(settings(connection)))
                .before("BEGIN", connection -> readers.add(settings(connection)));

        try (SqliteStore store = store(sqlite)) {
            store.open(true, CLOCK);
            row(store, claimed(store, "n"));
        }

        assertThat(writers).hasSizeGreaterThanOrEqualTo(2).containsOnly(settingsOf("0"));
        readers.removeAll(writers);
        assertThat(readers).isNotEmpty().containsOnly(settingsOf("1"));
    }

    private static List<String> settings(Connection connection) throws java.sql.SQLException {
        List<String> settings = new ArrayList<>();
        for (String name : List.of(
                "journal_mode",
                "synchronous",
                "fullfsync",
                "foreign_keys",
                "trusted_schema",
                "cell_size_check",
                "busy_timeout",
                "query_only")) {
            settings.addAll(Sql.texts(connection, "PRAGMA " + name));
        }
        return settings;
    }

    private static List<String> settingsOf(String queryOnly) {
        return List.of("wal", "2", "1", "1", "0", "1", "5000", queryOnly);
    }

    @ParameterizedTest
    @CsvSource({
        "PRAGMA synchronous = '2', PRAGMA synchronous = 'FULLL'", // which SQLite takes for NORMAL
        "PRAGMA synchronous = '2', PRAGMA synchronous = 'OFF'",
        "PRAGMA journal_mode = 'wal', PRAGMA journal_mode = 'delete'",
        "PRAGMA foreign_keys = '1', PRAGMA foreign_keys = '0'",
        "PRAGMA trusted_schema = '0', PRAGMA trusted_schema = '1'",
        "PRAGMA cell_size_check = '1', PRAGMA cell_size_check = '0'",
        "PRAGMA busy_timeout = '5000', PRAGMA busy_timeout = '0'",
        "PRAGMA query_only = '1', PRAGMA query_only = '0'",
        "SELECT sqlite_version(), SELECT '3.51.2'",
        "SELECT sqlite_version(), SELECT '3.9.9'"
    })
    void a_ledger_does_not_open_if_a_setting_does_not_hold(String asked, String done) {
        try (SqliteStore store = store(new Interposed().replace(asked, done))) {
            assertRefused(store, Reason.SETTINGS_REFUSED);
        }
    }

    @Test
    void a_newer_sqlite_is_welcome() {
        try (SqliteStore store = store(new Interposed().replace("SELECT sqlite_version()", "SELECT '3.100'"))) {
            assertThat(store.open(true, CLOCK).durable()).isTrue();
        }
    }

    @Test
    void a_database_in_another_encoding_is_refused() throws Exception {
        Sql.execute(file, "PRAGMA encoding = 'UTF-16le'", "CREATE TABLE t (a)", "DROP TABLE t");

        assertRefused(SqliteStore.at(file), Reason.SETTINGS_REFUSED);
    }

    @Test
    void only_the_owner_can_read_the_files() throws Exception {
        assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
            claimed(store, "n");

            assertThat(names())
                    .hasSize(7)
                    .contains(
                            "ledger.db",
                            "ledger.db-wal",
                            "ledger.db-shm",
                            "ledger.db.head",
                            "ledger.db.log-key",
                            "ledger.db.ballast");
            for (String name : names()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
                        .as(name)
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void a_closed_ledger_is_the_database_its_head_its_log_key_and_its_ballast() throws Exception {
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
            row(store, claimed(store, "n"));
            TestStores.write(store, new dev.openexec.store.Write.Beat());
        }

        assertThat(names().stream().filter(name -> !name.contains(".boot-")))
                .containsExactlyInAnyOrder("ledger.db", "ledger.db.head", "ledger.db.log-key", "ledger.db.ballast");
    }

    @Test
    void connecting_makes_no_file() {
        assertThatThrownBy(() -> ConnectionSource.sqlite().connect(file)).isInstanceOf(SQLException.class);
        assertThat(file).doesNotExist();
    }

    @Test
    void a_new_file_that_another_connection_is_switching_to_wal_is_waited_for() {
        AtomicInteger times = new AtomicInteger();
        Interposed sqlite = new Interposed().before("PRAGMA journal_mode = ", connection -> {
            if (times.incrementAndGet() < 3) {
                throw new SQLiteException("busy", SQLiteErrorCode.SQLITE_BUSY);
            }
        });
        try (SqliteStore store = store(sqlite)) {
            store.open(true, CLOCK);
            assertThat(times).hasValueGreaterThanOrEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                "a?mode=memory",
                "a?synchronous=0",
                "a#b",
                "a%20b",
                ":memory:",
                "file:a",
                ":resource:a",
                "a&b=c",
                "\u00e9\ud83d\ude00"
            })
    void every_spelling_of_a_path_is_the_same_file_to_the_driver(String name) throws Exception {
        Charset ofFileNames = Charset.forName(System.getProperty("sun.jnu.encoding"));
        assumeTrue(ofFileNames.newEncoder().canEncode(name), "No file can have this name in this locale");
        Path path = folder.resolve(name);
        try (SqliteStore store = SqliteStore.at(path)) {
            store.open(true, CLOCK);
            claimed(store, "n");
        }
        assertThat(path).isRegularFile();
        assertThat(Files.size(path)).isPositive();
    }

    @Test
    void a_ledger_that_does_not_open_leaves_nothing_behind() throws Exception {
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
        }

        assertThatThrownBy(() -> SqliteStore.at(file).open(false, CLOCK)).isInstanceOf(StoreException.class);

        assertThat(names()).containsExactlyInAnyOrder("ledger.db", "ledger.db.head", "ledger.db.log-key");
        assertThat(System.getProperties().keySet().toString()).doesNotContain(file.toString());
    }

    @Test
    void two_ways_to_one_file_are_one_ledger() throws Exception {
        Path link = folder.resolve("link.db");
        try (SqliteStore store = SqliteStore.at(file)) {
            String id = store.open(true, CLOCK).ledgerId();
            Files.createSymbolicLink(link, file);
            try (SqliteStore other = SqliteStore.at(link)) {
                assertThat(other.open(true, CLOCK).ledgerId()).isEqualTo(id);
                claimed(store, "n");
                assertThat(TestStores.orphans(other)).isEmpty();
            }
        }
        assertThat(names()).doesNotContain("link.db.head");
    }

    @Test
    void a_missing_folder_is_named() {
        Path missing = folder.resolve("missing");
        SqliteStore store = SqliteStore.at(missing.resolve("ledger.db"));

        assertRefused(store, Reason.STORE_UNAVAILABLE);
        assertThatThrownBy(() -> SqliteStore.at(missing.resolve("ledger.db")).open(true, CLOCK))
                .hasMessageContaining(missing.toString());
        assertThat(missing).doesNotExist();
    }

    @Test
    void a_file_inside_an_archive_is_no_ledger() throws Exception {
        try (FileSystem archive = FileSystems.newFileSystem(folder.resolve("a.zip"), Map.of("create", "true"))) {
            assertRefused(SqliteStore.at(archive.getPath("ledger.db")), Reason.STORE_UNAVAILABLE);
        }
    }

    @Test
    void a_folder_is_no_ledger() {
        assertRefused(SqliteStore.at(folder), Reason.STORE_UNAVAILABLE);
    }

    @Test
    void a_file_that_cannot_be_written_is_refused() throws Exception {
        SqliteStore first = SqliteStore.at(file);
        first.open(true, CLOCK);
        first.close();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        assumeFalse(Files.isWritable(file), "This user may write everything");

        assertRefused(SqliteStore.at(file), Reason.STORE_READ_ONLY);
    }

    @Test
    void a_folder_that_cannot_be_written_is_refused() throws Exception {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-x------"));
        assumeFalse(Files.isWritable(closed), "This user may write everything");

        assertRefused(SqliteStore.at(closed.resolve("ledger.db")), Reason.STORE_READ_ONLY);
    }

    private SqliteStore store(ConnectionSource source) {
        return new SqliteStore(file, source);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }
}
