package dev.openexec.store.jdbc;

import static dev.openexec.store.jdbc.TestStores.CLOCK;
import static dev.openexec.store.jdbc.TestStores.NOW;
import static dev.openexec.store.jdbc.TestStores.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openexec.store.ExecutionStore.Opened;
import dev.openexec.store.StoreException.Reason;
import dev.openexec.testkit.CapturedLog;
import dev.openexec.testkit.SettableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An import that does not come to its end, or that somebody else has the file of. */
@Timeout(120)
class ReferenceStillThereTest {

    /** More than the cache holds: parts of an unfinished import are in the file. */
    private static final int MANY = 20_000;

    /** As SQLAlchemy asks for it. */
    private static final String LOOK_UP = "SELECT execution_log.id AS execution_log_id, execution_log.result AS"
            + " execution_log_result FROM execution_log WHERE execution_log.nonce = 'n-1' LIMIT 1 OFFSET 0";

    private @TempDir Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("openexec.db");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ALTER TABLE", "CREATE TABLE oe_execution", "INSERT INTO main.oe_meta", "COMMIT"})
    void an_import_that_fails_leaves_the_reference_s_database_and_the_next_start_imports_it(String statement)
            throws Exception {
        ReferenceDatabase.large(file, MANY);
        byte[] before = Files.readAllBytes(file);
        Interposed broken = new Interposed().before(statement, connection -> {
            throw new SQLException("broken");
        });

        assertRefused(new SqliteStore(file, broken), Reason.STORE_UNAVAILABLE);

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertImports(MANY);
    }

    @Test
    void a_kill_in_the_middle_of_an_import_leaves_the_reference_s_database() throws Exception {
        ReferenceDatabase.large(file, MANY);
        long size = Files.size(file);
        try (LedgerProcess importing = LedgerProcess.start(file)) {
            importing.ask("open-as-far-as INSERT INTO main.oe_meta"); // the last statement but the commit
            importing.kill();
        }
        assertThat(Files.size(file)).isGreaterThan(size); // the import was well under way

        assertThat(Sql.texts(file, "SELECT name FROM sqlite_schema WHERE type <> 'index'"))
                .containsExactly("execution_log");
        assertThat(Sql.number(file, "SELECT count(*) FROM execution_log")).isEqualTo(MANY);
        assertThat(Sql.texts(file, "PRAGMA integrity_check")).containsExactly("ok");
        assertImports(MANY);
    }

    @Test
    void a_kill_right_after_an_import_leaves_a_ledger() throws Exception {
        ReferenceDatabase.large(file, MANY);
        try (LedgerProcess importing = LedgerProcess.start(file)) {
            importing.ask("open-as-far-as PRAGMA journal_mode"); // which comes after the commit
            importing.kill();
        }
        assertThat(Sql.number(file, "SELECT count(*) FROM oe_execution")).isEqualTo(MANY);
        try (CapturedLog log = CapturedLog.open();
                SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
            assertThat(log.events()).isEmpty();
        }
    }

    @Test
    void an_import_needs_no_memory_for_what_it_imports() throws Exception {
        ReferenceDatabase.large(file, MANY);
        assertThat(Files.size(file)).isGreaterThan(40 << 20);
        try (LedgerProcess importing = LedgerProcess.start(file, "-Xmx24m")) {
            assertThat(importing.ask("open")).matches("[0-9a-f]{32}");
        }
        assertThat(Sql.number(file, "SELECT count(*) FROM oe_execution")).isEqualTo(MANY);
    }

    @Test
    void a_reference_that_is_still_connected_fails_before_it_runs_anything() throws Exception {
        ReferenceDatabase.with(file, ReferenceDatabase.ROW);
        try (Connection reference = Sql.connect(file)) {
            assertThat(Sql.texts(reference, LOOK_UP)).hasSize(1);
            try (SqliteStore store = SqliteStore.at(file)) {
                store.open(true, CLOCK);

                assertThatThrownBy(() -> Sql.texts(reference, LOOK_UP)).hasMessageContaining("no such column");
            }
            assertThatThrownBy(() -> Sql.texts(reference, LOOK_UP)).hasMessageContaining("no such column");
        }
    }

    @Test
    void a_reference_that_is_started_again_finds_a_table_and_makes_no_other() throws Exception {
        ReferenceDatabase.with(file, ReferenceDatabase.ROW);
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
        }
        try (Connection reference = Sql.connect(file)) {
            // how SQLAlchemy finds out whether there is anything to create
            assertThat(Sql.texts(reference, "PRAGMA main.table_info(\"execution_log\")"))
                    .isNotEmpty();
            assertThatThrownBy(() -> Sql.execute(reference, Schema.resource("reference.sql")))
                    .hasMessageContaining("already exists");
            assertThatThrownBy(() -> Sql.texts(reference, LOOK_UP)).hasMessageContaining("no such column");
            assertThatThrownBy(() -> Sql.execute(reference, ReferenceDatabase.ROW))
                    .isInstanceOf(SQLException.class);
        }
    }

    @Test
    void while_it_is_imported_the_reference_cannot_look_a_nonce_up() throws Exception {
        ReferenceDatabase.with(file, ReferenceDatabase.ROW);
        CompletableFuture<Throwable> lookUp = new CompletableFuture<>();
        Interposed sqlite = new Interposed().before("INSERT INTO main.oe_meta", importing -> {
            try (Connection reference = Sql.connect(file)) {
                Sql.execute(reference, "PRAGMA busy_timeout = 0");
                lookUp.complete(catchThrowable(() -> Sql.texts(reference, LOOK_UP)));
            }
        });
        try (SqliteStore store = new SqliteStore(file, sqlite)) {
            store.open(true, CLOCK);
        }
        assertThat(lookUp.join()).hasMessageContaining("locked");
    }

    @Test
    void the_minute_begins_when_the_import_ends() throws Exception {
        ReferenceDatabase.with(file, ReferenceDatabase.ROW);
        SettableClock clock = new SettableClock(NOW);
        Interposed slow = new Interposed()
                .before("ALTER TABLE", connection -> clock.advance(Duration.ofHours(1)))
                .before("INSERT INTO main.oe_execution", connection -> clock.advance(Duration.ofHours(1)));
        try (SqliteStore store = new SqliteStore(file, slow)) {
            assertThat(store.open(true, clock).issueFloor())
                    .isEqualTo(NOW.plus(Duration.ofHours(2)).plusSeconds(61));
        }
    }

    @Test
    void a_database_that_the_reference_is_just_using_is_refused() throws Exception {
        ReferenceDatabase.with(file, ReferenceDatabase.ROW);
        Interposed impatient = new Interposed()
                .before("BEGIN EXCLUSIVE", connection -> Sql.execute(connection, "PRAGMA busy_timeout = 0"));
        try (Connection reference = Sql.connect(file);
                Statement statement = reference.createStatement();
                ResultSet reading = statement.executeQuery("SELECT * FROM execution_log")) {
            assertThat(reading.next()).isTrue();

            assertThatThrownBy(() -> new SqliteStore(file, impatient).open(true, CLOCK))
                    .hasMessageContaining("stop the reference first");
        }
        assertImports(1);
    }

    @Test
    void of_two_that_start_at_once_one_imports() throws Exception {
        ReferenceDatabase.with(file, ReferenceDatabase.ROW);
        Gate gate = new Gate();
        try (SqliteStore late = new SqliteStore(file, new Interposed().before("BEGIN EXCLUSIVE", gate));
                SqliteStore early = SqliteStore.at(file);
                CapturedLog log = CapturedLog.open()) {
            CompletableFuture<Object> there = CompletableFuture.supplyAsync(() -> late.open(true, CLOCK))
                    .handle((opened, failure) -> failure == null ? opened : failure);
            gate.awaitSomebody(); // who has seen the reference's database
            Opened here = early.open(true, CLOCK);
            gate.open();

            assertThat(there.join()).isEqualTo(here);
            assertThat(log.events()).hasSize(1);
        }
        assertThat(Sql.number(file, "SELECT count(*) FROM oe_execution")).isOne();
    }

    private void assertImports(int rows) throws SQLException {
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
        }
        assertThat(Sql.number(file, "SELECT count(*) FROM oe_execution")).isEqualTo(rows);
        assertThat(folder.resolve("openexec.db-journal")).doesNotExist();
    }
}
