package dev.openexec.store.jdbc;

import static dev.openexec.store.jdbc.TestStores.CLOCK;
import static dev.openexec.store.jdbc.TestStores.NOW;
import static dev.openexec.store.jdbc.TestStores.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.store.Change;
import dev.openexec.store.ExecutionStore.Opened;
import dev.openexec.store.StoreException.Reason;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import dev.openexec.testkit.CapturedLog;
import dev.openexec.testkit.RecordingAction;
import dev.openexec.testkit.SettableClock;
import dev.openexec.testkit.TestApprovals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which databases are taken for the Python reference's, and what becomes of them. */
class ReferenceImportTest {

    private static final Json PAYLOAD = Json.of(Map.of("amount", 100));
    private static final TestApprovals APPROVER = TestApprovals.forTenant("acme");

    private @TempDir Path folder;
    private final SettableClock clock = new SettableClock(NOW);
    private final RecordingAction pay = RecordingAction.counting("pay", Kind.AT_MOST_ONCE);
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("openexec.db");
    }

    private Executor executor(ApprovalPolicy policy) {
        return Executor.with(SqliteStore.at(file), policy)
                .action(pay)
                .clock(clock)
                .build();
    }

    private static ExecutionRequest request(String nonce) {
        return ExecutionRequest.of("pay", PAYLOAD, nonce);
    }

    private void open() {
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
        }
    }

    @Test
    void approvals_issued_up_to_a_minute_after_the_import_are_refused() throws Exception {
        ReferenceDatabase.with(file, ReferenceDatabase.ROW);
        clock.set(NOW.plusMillis(999));
        try (Executor executor = executor(APPROVER.policy())) {
            String early = APPROVER.approve("pay", PAYLOAD, NOW.plusSeconds(60));
            String onTime = APPROVER.approve("pay", PAYLOAD, NOW.plusSeconds(61));
            clock.advance(Duration.ofMinutes(1));

            assertThatThrownBy(() -> executor.execute(request("n-2").withApproval(early)))
                    .hasMessageContaining("approval-before-ledger");
            assertThat(executor.execute(request("n-2").withApproval(onTime)).replayed())
                    .isFalse();
        }
    }

    @Test
    void an_import_in_clawshield_mode_marks_the_ledger() throws Exception {
        ReferenceDatabase.with(file, ReferenceDatabase.ROW);
        executor(APPROVER.policy()).close();

        assertThatThrownBy(() -> executor(ApprovalPolicy.unsignedDemo())).hasMessageContaining("signed mode");
    }

    @Test
    void the_reference_s_own_rows_are_kept_as_they_were() throws Exception {
        String rows = "SELECT quote(id) || quote(action) || quote(payload) || quote(result) || quote(nonce)"
                + " || quote(approved) || quote(timestamp) FROM ";
        ReferenceDatabase.genuine(file);
        List<String> before = Sql.texts(file, rows + "execution_log");
        open();

        assertThat(Sql.texts(file, rows + "execution_log_imported")).isEqualTo(before);
    }

    @Test
    void what_is_erased_is_erased_in_the_reference_s_table_too() throws Exception {
        ReferenceDatabase.with(file, ReferenceDatabase.ROW);
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(false, CLOCK);
            StoredExecution row =
                    store.executions(null, 1).toCompletableFuture().join().get(0);
            store.write(new Write.EraseResults(NOW.plus(Duration.ofDays(9999)), 10, null))
                    .toCompletableFuture()
                    .join();
            assertThat(Sql.texts(file, "SELECT quote(result) FROM execution_log_imported"))
                    .containsExactly("NULL");
            store.write(new Change.Erase(row.claim().nonceKey(), row.claim().token(), row.attempt(), null))
                    .toCompletableFuture()
                    .join();
        }
        assertThat(Sql.texts(file, "SELECT id FROM execution_log_imported")).isEmpty();
    }

    @Test
    void only_the_start_that_imports_does_and_says_so() throws Exception {
        ReferenceDatabase.genuine(file);
        try (CapturedLog log = CapturedLog.open();
                SqliteStore first = SqliteStore.at(file);
                SqliteStore second = SqliteStore.at(file)) {
            Opened imported = first.open(true, CLOCK);

            assertThat(log.events())
                    .singleElement()
                    .asString()
                    .endsWith("Imported 54 executions of the Python reference, 21 of them only blocked:"
                            + " {imported-action=2, imported-nonce=7, imported-payload=8, imported-result=4}."
                            + " Approvals issued before 2026-11-22T12:01:01Z are refused");
            assertThat(second.open(true, () -> NOW.plusSeconds(3600))).isEqualTo(imported);
            assertThat(log.events()).hasSize(1);
        }
        assertThat(Sql.number(file, "SELECT count(*) FROM oe_execution")).isEqualTo(54);
    }

    @Test
    void a_reference_that_has_executed_nothing_yet_is_imported_too() throws Exception {
        ReferenceDatabase.with(file);
        try (SqliteStore store = SqliteStore.at(file)) {
            assertThat(store.open(true, CLOCK).issueFloor()).isEqualTo(NOW.plusSeconds(61));
        }
    }

    @Test
    void a_reference_s_database_in_wal_mode_is_imported_too() throws Exception {
        ReferenceDatabase.with(file, ReferenceDatabase.ROW, "PRAGMA journal_mode = wal");
        open();
        assertThat(Sql.number(file, "SELECT count(*) FROM oe_execution")).isOne();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE \"execution_log\" (\"id\" varchar PRIMARY KEY NOT NULL, action varchar NOT NULL,"
                        + " payload text, result text, nonce varchar UNIQUE NOT NULL, approved boolean, timestamp datetime)",
                "CREATE TABLE execution_log (id VARCHAR NOT NULL, action VARCHAR NOT NULL, payload TEXT, result TEXT,"
                        + " nonce VARCHAR NOT NULL, approved BOOLEAN, timestamp DATETIME,"
                        + " CONSTRAINT u UNIQUE (nonce), CONSTRAINT p PRIMARY KEY (id), CHECK (approved IN (0, 1)))"
            })
    void the_table_is_recognised_however_its_statement_is_spelt(String statement) throws Exception {
        Sql.execute(file, statement, ReferenceDatabase.ROW);
        open();
        open();
        assertThat(Sql.number(file, "SELECT count(*) FROM oe_execution")).isOne();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE another (a)",
                "CREATE TABLE oe_meta (a)",
                "CREATE TABLE execution_log_imported (a)",
                "CREATE VIEW v AS SELECT * FROM execution_log",
                "CREATE INDEX i ON execution_log (action)",
                "CREATE TRIGGER t AFTER INSERT ON execution_log BEGIN SELECT 1; END",
                "ALTER TABLE execution_log ADD COLUMN tenant VARCHAR",
                "ALTER TABLE execution_log ADD COLUMN g TEXT AS (nonce)",
                "ALTER TABLE execution_log DROP COLUMN approved",
                "ALTER TABLE execution_log RENAME COLUMN approved TO granted",
                "ANALYZE"
            })
    void a_database_that_is_not_exactly_the_reference_s_is_refused_and_left_as_it_is(String change) throws Exception {
        ReferenceDatabase.with(file, ReferenceDatabase.ROW, change);
        byte[] before = Files.readAllBytes(file);

        assertRefused(SqliteStore.at(file), Reason.SCHEMA_MISMATCH);

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(folder).isDirectoryNotContaining("glob:**.head");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nonce VARCHAR NOT NULL | nonce VARCHAR",
                "nonce VARCHAR NOT NULL | nonce VARCHAR NOT NULL COLLATE NOCASE",
                "nonce VARCHAR NOT NULL | nonce INTEGER NOT NULL",
                "nonce VARCHAR NOT NULL | nonce VARCHAR NOT NULL DEFAULT 'x'",
                "nonce VARCHAR NOT NULL | nonce VARCHAR NOT NULL REFERENCES execution_log (id)",
                "UNIQUE (nonce)         | UNIQUE (nonce, action)",
                "UNIQUE (nonce)         | UNIQUE (action)",
                "PRIMARY KEY (id)       | PRIMARY KEY (action)"
            })
    void a_table_of_another_form_is_refused(String part, String other) throws Exception {
        String statement = Schema.resource("reference.sql");
        assertThat(statement).contains(part);
        Sql.execute(file, statement.replace(part, other));

        assertRefused(SqliteStore.at(file), Reason.SCHEMA_MISMATCH);
    }

    @Test
    void a_table_without_row_ids_is_refused() throws Exception {
        Sql.execute(file, Schema.resource("reference.sql") + " WITHOUT ROWID");
        assertRefused(SqliteStore.at(file), Reason.SCHEMA_MISMATCH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TRIGGER t AFTER INSERT ON execution_log_imported BEGIN SELECT 1; END",
                "CREATE INDEX i ON execution_log_imported (action)",
                "ALTER TABLE execution_log_imported ADD COLUMN more TEXT",
                "ALTER TABLE execution_log_imported RENAME TO execution_log_old",
                "DROP VIEW execution_log"
            })
    void an_imported_ledger_has_the_reference_s_table_and_ours_and_nothing_else(String tampering) throws Exception {
        ReferenceDatabase.with(file, ReferenceDatabase.ROW);
        open();
        Sql.execute(file, tampering);

        assertRefused(SqliteStore.at(file), Reason.SCHEMA_MISMATCH);
    }

    @Test
    void the_reference_s_own_rows_may_be_thrown_away() throws Exception {
        ReferenceDatabase.with(file, ReferenceDatabase.ROW);
        executor(ApprovalPolicy.unsignedDemo()).close();
        Sql.execute(file, "DROP TABLE execution_log_imported");

        try (Executor executor = executor(ApprovalPolicy.unsignedDemo())) {
            assertThat(executor.execute(request("n-1")).replayed()).isTrue();
        }
    }

    @Test
    void a_reference_s_database_in_the_place_of_a_ledger_is_not_imported() throws Exception {
        ReferenceDatabase.with(file, ReferenceDatabase.ROW);
        byte[] backup = Files.readAllBytes(file);
        open();
        Files.write(file, backup);

        assertRefused(SqliteStore.at(file), Reason.LEDGER_ROLLBACK_DETECTED);

        assertThat(Files.readAllBytes(file)).isEqualTo(backup);
    }
}
