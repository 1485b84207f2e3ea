package dev.openexec.store.jdbc;

import static dev.openexec.store.jdbc.TestStores.CLOCK;
import static dev.openexec.store.jdbc.TestStores.claim;
import static dev.openexec.store.jdbc.TestStores.claimed;
import static dev.openexec.store.jdbc.TestStores.insert;
import static dev.openexec.store.jdbc.TestStores.row;
import static dev.openexec.store.jdbc.TestStores.running;
import static dev.openexec.store.jdbc.TestStores.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openexec.store.Claim;
import dev.openexec.store.Outcome.Verdict;
import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.javax.SQLiteConnectionPoolDataSource;

class OwnDataSourceTest {

    private @TempDir Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("ledger.db");
    }

    private interface Connector {
        Connection connect() throws SQLException;
    }

    /** A data source that hands out what it is told to. */
    private static DataSource of(Connector connector) {
        return new SQLiteDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                return connector.connect();
            }
        };
    }

    private Connection connect(String... statements) throws SQLException {
        Connection connection = Sql.connect(file);
        Sql.execute(connection, statements);
        return connection;
    }

    private void assertRefused(DataSource dataSource, String message) {
        StoreException refusal = catchThrowableOfType(
                StoreException.class, () -> SqliteStore.at(file, dataSource).open(true, CLOCK));
        assertThat(refusal).hasMessageContaining(message);
        assertThat(refusal.reason()).isEqualTo(Reason.SETTINGS_REFUSED);
    }

    @Test
    void the_ledger_is_the_same_as_over_connections_of_the_store() {
        Claim claim;
        String id;
        try (SqliteStore store = SqliteStore.at(file, of(this::connect))) {
            id = store.open(true, CLOCK).ledgerId();
            claim = claimed(store, "n");
        }
        try (SqliteStore store = SqliteStore.at(file)) {
            assertThat(store.open(true, CLOCK).ledgerId()).isEqualTo(id);
            assertThat(row(store, claim)).isEqualTo(running(claim));
        }
    }

    @Test
    void another_file_is_refused_and_left_alone() throws Exception {
        Path other = folder.resolve("other.db");
        Sql.execute(other, "CREATE TABLE precious (a)");
        byte[] before = Files.readAllBytes(other);

        assertRefused(of(() -> Sql.connect(other)), "another database than " + file);

        assertThat(other).hasBinaryContent(before);
        assertThat(folder.resolve("other.db-wal")).doesNotExist();
    }

    @Test
    void a_database_in_memory_is_refused() {
        assertRefused(of(ConnectionSource::inMemory), "another database");
    }

    /** After the file was looked at: one that has two names by then is refused before anybody connects. */
    private Path link(Path link) {
        try {
            return Files.createLink(link, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void another_link_to_the_file_is_refused_because_its_log_would_be_another() throws Exception {
        Path link = folder.resolve("link.db");
        DataSource linking = of(() -> Sql.connect(link(link)));

        assertRefused(linking, "another database");
    }

    @Test
    void a_symbolic_link_leads_to_the_same_file() throws Exception {
        Path link = folder.resolve("link.db");
        Files.createSymbolicLink(link, Files.createFile(file));

        try (SqliteStore store = SqliteStore.at(file, of(() -> Sql.connect(link)))) {
            store.open(true, CLOCK);
            assertThat(row(store, claimed(store, "n"))).isNotNull();
        }
    }

    @Test
    void a_second_database_is_refused() {
        Path other = folder.resolve("other.db");
        assertRefused(of(() -> connect("ATTACH '" + other + "' AS other")), "attached databases");
        assertRefused(of(() -> connect("CREATE TEMP TABLE oe_execution (a)")), "temporary tables");
    }

    @Test
    void a_connection_that_is_handed_out_twice_is_refused() throws Exception {
        Files.createFile(file);
        Connection only = connect();

        assertRefused(of(() -> only), "had handed out before");
    }

    @Test
    void a_connection_of_another_store_is_refused_and_stays_open() throws Exception {
        List<Connection> handedOut = new ArrayList<>();
        DataSource remembering = of(() -> {
            handedOut.add(connect());
            return handedOut.get(handedOut.size() - 1);
        });
        try (SqliteStore store = SqliteStore.at(file, remembering)) {
            store.open(true, CLOCK);

            assertRefused(of(() -> handedOut.get(0)), "had handed out before");

            assertThat(write(store, insert(claim("n"))).verdict()).isEqualTo(Verdict.APPLIED);
            assertThat(handedOut).hasSize(2);
        }
        for (Connection connection : handedOut) {
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void a_pools_connection_is_refused_and_goes_back_as_it_came() throws Exception {
        SQLiteConnectionPoolDataSource pool = new SQLiteConnectionPoolDataSource();
        pool.setUrl("jdbc:sqlite:" + file);
        var pooled = pool.getPooledConnection();
        Connection physical = pool.getConnection();
        Connection lent = pooled.getConnection();
        assertThat(lent).isNotInstanceOf(SQLiteConnection.class);

        assertRefused(of(() -> lent), "no pool's and no proxy's");

        assertThat(lent.isClosed()).isTrue();
        Connection lentAgain = pooled.getConnection();
        for (String setting : List.of("busy_timeout", "synchronous", "journal_mode", "query_only")) {
            assertThat(Sql.texts(lentAgain, "PRAGMA " + setting))
                    .as(setting)
                    .isEqualTo(Sql.texts(physical, "PRAGMA " + setting));
        }
        physical.close();
        pooled.close();
    }

    @Test
    void a_connection_that_does_not_commit_by_itself_is_refused() {
        assertRefused(
                of(() -> {
                    Connection connection = connect();
                    connection.setAutoCommit(false);
                    return connection;
                }),
                "commit by themselves");
    }

    @Test
    void a_connection_in_a_transaction_is_refused() {
        StoreException refusal = catchThrowableOfType(
                StoreException.class,
                () -> SqliteStore.at(file, of(() -> connect("BEGIN"))).open(true, CLOCK));

        assertThat(refusal.reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
    }

    @Test
    void a_connection_that_locks_everybody_else_out_is_refused() {
        assertRefused(of(() -> connect("PRAGMA locking_mode = exclusive")), "locking_mode is exclusive");
    }

    @Test
    void the_settings_of_the_ledger_replace_those_of_the_data_source() throws Exception {
        SQLiteConfig config = new SQLiteConfig();
        config.setSynchronous(SQLiteConfig.SynchronousMode.OFF);
        config.setBusyTimeout(0);
        SQLiteDataSource careless = new SQLiteDataSource(config);
        careless.setUrl("jdbc:sqlite:" + file);
        List<String> settings = new ArrayList<>();
        Interposed watched = new Interposed()
                .connectingBy(new OwnDataSource(of(() -> {
                    Connection connection = careless.getConnection();
                    Sql.execute(connection, "PRAGMA ignore_check_constraints = 1", "PRAGMA read_uncommitted = 1");
                    return connection;
                })))
                .before("BEGIN IMMEDIATE", connection -> {
                    for (String name : List.of(
                            "journal_mode",
                            "synchronous",
                            "busy_timeout",
                            "ignore_check_constraints",
                            "read_uncommitted")) {
                        settings.addAll(Sql.texts(connection, "PRAGMA " + name));
                    }
                });

        try (SqliteStore store = new SqliteStore(file, watched)) {
            store.open(true, CLOCK);
        }

        assertThat(settings).containsExactly("wal", "2", "5000", "0", "0");
    }

    @Test
    void after_an_error_a_new_connection_is_asked_for() {
        List<Connection> handedOut = new ArrayList<>();
        AtomicBoolean broken = new AtomicBoolean();
        Interposed breaking = new Interposed()
                .connectingBy(new OwnDataSource(of(() -> {
                    handedOut.add(connect());
                    return handedOut.get(handedOut.size() - 1);
                })))
                .before("COMMIT", connection -> {
                    if (broken.compareAndSet(true, false)) {
                        throw new SQLiteException("broken", SQLiteErrorCode.SQLITE_IOERR);
                    }
                });
        try (SqliteStore store = new SqliteStore(file, breaking)) {
            store.open(true, CLOCK);
            broken.set(true);

            assertThat(write(store, insert(claim("n"))).verdict()).isEqualTo(Verdict.APPLIED);
            assertThat(handedOut).hasSize(3);
        }
    }

    @Test
    void what_a_data_source_throws_says_nothing_of_its_message() {
        for (Exception failure : List.of(new SQLException("password=secret"), new IllegalStateException("secret"))) {
            DataSource failing = of(() -> {
                if (failure instanceof SQLException sql) {
                    throw sql;
                }
                throw (RuntimeException) failure;
            });

            StoreException refusal = catchThrowableOfType(
                    StoreException.class, () -> SqliteStore.at(file, failing).open(true, CLOCK));

            assertThat(refusal.reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
            assertThat(refusal).hasMessageNotContaining("secret").hasCause(failure);
        }
    }
}
