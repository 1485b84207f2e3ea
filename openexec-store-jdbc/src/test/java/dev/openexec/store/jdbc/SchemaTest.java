package dev.openexec.store.jdbc;

import static dev.openexec.store.jdbc.TestStores.CLOCK;
import static dev.openexec.store.jdbc.TestStores.assertRefused;
import static dev.openexec.store.jdbc.TestStores.claimed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import dev.openexec.store.Write;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaTest {

    private @TempDir Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("ledger.db");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TRIGGER t AFTER INSERT ON oe_execution BEGIN"
                        + " DELETE FROM oe_execution WHERE nonce_key = NEW.nonce_key; END",
                "ALTER TABLE oe_execution ADD COLUMN more TEXT",
                "CREATE VIEW v AS SELECT * FROM oe_execution",
                "DROP VIEW execution_log",
                "CREATE INDEX i ON oe_execution (nonce)",
                "CREATE VIEW v AS SELECT * FROM \"OE_execution\"",
                "CREATE TABLE t (a DEFAULT 'oe_')",
                "CREATE TABLE t (a REFERENCES oe_execution (nonce_key))",
                "CREATE TABLE t (a UNIQUE ON CONFLICT ROLLBACK)",
                "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT)",
                "CREATE VIRTUAL TABLE t USING fts5(a)",
                "CREATE TABLE oe_more (a)",
                "DROP INDEX oe_execution_open",
                "DROP TABLE oe_receipt",
                "ALTER TABLE oe_receipt RENAME COLUMN body TO text",
                "ANALYZE"
            })
    void a_ledger_with_other_tables_indexes_triggers_or_views_is_refused(String tampering) throws Exception {
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
        }
        Sql.execute(file, tampering);
        byte[] before = Files.readAllBytes(file);

        assertRefused(SqliteStore.at(file), Reason.SCHEMA_MISMATCH);

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BEGIN DELETE FROM oe_execution; END",
                "BEGIN DELETE FROM [oe_execution]; END",
                "BEGIN SELECT RAISE(ROLLBACK, 'x'); END",
                "BEGIN INSERT INTO t SELECT 1 FROM 'oe_meta'; END"
            })
    void a_trigger_on_another_table_that_touches_the_ledger_is_refused(String does) throws Exception {
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
        }
        Sql.execute(file, "CREATE TABLE t (a)", "CREATE TRIGGER r AFTER INSERT ON t " + does);

        assertRefused(SqliteStore.at(file), Reason.SCHEMA_MISMATCH);
    }

    @Test
    void a_ledger_s_file_may_have_tables_of_others_that_keep_to_themselves() throws Exception {
        String[] theirs = {
            "CREATE TABLE IF NOT EXISTS account (id TEXT PRIMARY KEY, cents INTEGER CHECK (cents >= 0)) STRICT",
            "CREATE INDEX IF NOT EXISTS account_cents ON account (cents)",
            "CREATE VIEW IF NOT EXISTS rich AS SELECT id FROM account WHERE cents > 100",
            "CREATE TRIGGER IF NOT EXISTS r AFTER INSERT ON account BEGIN DELETE FROM account WHERE cents = 0; END"
        };
        for (int start = 0; start < 2; start++) {
            try (SqliteStore store = SqliteStore.at(file).withTables(theirs)) {
                store.open(true, CLOCK);
                claimed(store, "n" + start);
            }
        }
        Sql.execute(file, "INSERT INTO account VALUES ('ada', 5)", "CREATE TABLE another (a)");
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
        }
        assertThat(Sql.texts(file, "SELECT id FROM account")).containsExactly("ada");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP TABLE oe_receipt",
                "CREATE TRIGGER t AFTER INSERT ON oe_execution BEGIN SELECT 1; END",
                "CREATE TEMP TABLE t (a)",
                "INSERT INTO account VALUES (1)",
                "CREATE TABLE a (b); DROP TABLE c"
            })
    void a_definition_that_is_none_of_a_table_of_others_is_refused_and_leaves_the_file_as_it_is(String definition)
            throws Exception {
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
        }
        byte[] before = Files.readAllBytes(file);

        assertRefused(SqliteStore.at(file).withTables(definition), Reason.SCHEMA_MISMATCH);

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CREATE TABLE u (a); DROP TABLE t | Definition 2 of withTables is refused: several statements in one text",
                "CREATE TABLE t (a)               | Definition 2 of withTables is not taken by SQLite; it is run whenever",
                "CREATE TABLE u (a, a)            | Definition 2 of withTables is not taken by SQLite"
            })
    void a_definition_that_is_refused_is_told_by_its_number_and_why(String definition, String why) {
        SqliteStore store = SqliteStore.at(file).withTables("CREATE TABLE IF NOT EXISTS t (a)", definition);

        assertThatThrownBy(() -> store.open(true, CLOCK))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith(why);
        store.close();
    }

    @Test
    void a_database_of_somebody_else_is_refused_and_left_as_it_is() throws Exception {
        Sql.execute(file, "CREATE TABLE customers (name TEXT)", "INSERT INTO customers VALUES ('x')");
        byte[] before = Files.readAllBytes(file);

        assertRefused(SqliteStore.at(file), Reason.SCHEMA_MISMATCH);

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(folder).isDirectoryNotContaining("glob:**.head").isDirectoryNotContaining("glob:**.boot-*");
    }

    @Test
    void a_file_that_is_no_database_is_refused_and_left_as_it_is() throws Exception {
        Files.writeString(file, "not a database ".repeat(1000));

        assertRefused(SqliteStore.at(file), Reason.SCHEMA_MISMATCH);

        assertThat(file).hasContent("not a database ".repeat(1000));
    }

    @Test
    void an_empty_file_becomes_a_ledger() throws Exception {
        Files.createFile(file);
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
            claimed(store, "n");
        }
        assertThat(Sql.number(file, "SELECT count(*) FROM oe_execution")).isOne();
    }

    @Test
    void a_planted_trigger_is_noticed_when_the_connection_is_opened_anew() throws Exception {
        boolean[] broken = {false};
        Interposed sqlite = new Interposed().before("UPDATE main.oe_meta", connection -> {
            if (broken[0]) {
                broken[0] = false;
                throw new java.sql.SQLException("broken");
            }
        });
        try (SqliteStore store = new SqliteStore(file, sqlite)) {
            store.open(true, CLOCK);
            Sql.execute(file, "CREATE TRIGGER t AFTER INSERT ON oe_execution BEGIN SELECT 1; END");
            broken[0] = true;

            TestStores.assertFails(store.write(TestStores.insert(TestStores.claim("n"))), Reason.SCHEMA_MISMATCH);
        }
    }

    @Test
    void no_statement_of_the_store_scans_the_executions() throws Exception {
        Set<String> plans = new ConcurrentSkipListSet<>();
        ConnectionSource sqlite = path -> explaining(path, plans);
        try (SqliteStore store = new SqliteStore(file, sqlite)) {
            store.open(true, CLOCK);
            TestStores.write(store, TestStores.end(claimed(store, "n"), TestStores.SUCCESS));
            TestStores.row(store, claimed(store, "m"));
            TestStores.write(store, new Write.Insert(TestStores.claim("m"), null, previous -> "leaf"));
            TestStores.write(store, new Write.Insert(TestStores.claim("o"), null, previous -> "leaf"));
        }
        try (SqliteStore store = new SqliteStore(file, sqlite)) {
            store.open(true, CLOCK);
            assertThat(TestStores.orphans(store)).hasSize(2);
        }

        assertThat(plans)
                .anyMatch(plan -> plan.startsWith("SEARCH main.oe_execution"))
                .anyMatch(plan -> plan.startsWith("SEARCH main.oe_receipt"));
        assertThat(plans.stream().filter(plan -> plan.startsWith("SCAN ") || plan.contains("TEMP")))
                .containsOnly("SCAN main.oe_meta"); // it has one row
    }

    /** A connection that notes the query plan of each statement before it prepares it. */
    private static Connection explaining(Path path, Set<String> plans) throws java.sql.SQLException {
        Connection real = Sql.connect(path);
        return (Connection) java.lang.reflect.Proxy.newProxyInstance(
                SchemaTest.class.getClassLoader(), new Class<?>[] {Connection.class}, (self, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")
                            && arguments[0].toString().contains("oe_")
                            && !arguments[0].toString().startsWith("CREATE")) {
                        try (var statement = real.prepareStatement("EXPLAIN QUERY PLAN " + arguments[0]);
                                var rows = statement.executeQuery()) {
                            while (rows.next()) {
                                plans.add(rows.getString("detail"));
                            }
                        }
                    }
                    return method.invoke(real, arguments);
                });
    }

    @Test
    void only_endings_can_be_stored_that_fit_their_state() throws Exception {
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
            claimed(store, "n");
        }
        for (String impossible : List.of(
                "state = 'SUCCEEDED'",
                "state = 'FAILED', completed_at = 1, open_boot = NULL",
                "open_boot = NULL",
                "state = 'SUCCEEDED', completed_at = 1, result = '{}'",
                "state = 'GONE', completed_at = 1, open_boot = NULL, code = 'x'",
                "open_boot = '00000000000000000000000000000000'",
                "boot_id = '../../../../../../../../../etc/x', open_boot = '../../../../../../../../../etc/x'",
                "nonce_key = x'00'",
                "payload = x'00'")) {
            assertThatThrownBy(() -> Sql.execute(file, "UPDATE oe_execution SET " + impossible))
                    .as(impossible)
                    .isInstanceOf(java.sql.SQLException.class);
        }
    }
}
