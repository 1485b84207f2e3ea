package dev.openexec.store.jdbc;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT a FROM t",
                "  -- a note: oe_execution\n /* oe_meta */ sElEcT 'it''s', \"a\"\"b\", [c d], `e` FROM t;  -- the end",
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 9) INSERT INTO t SELECT i FROM n",
                "INSERT INTO t VALUES (?1, ?, x'00ff', 1.5e-3, 'ü€😀') ON CONFLICT DO UPDATE SET a = excluded.a RETURNING a",
                "INSERT OR REPLACE INTO main.t VALUES (?)",
                "UPDATE t SET a = a || ';' WHERE b <> 'x' AND c ->> 'k' = 1",
                "DELETE FROM does_not_begin_with_oe_"
            })
    void a_single_statement_on_other_tables_passes(String sql) {
        assertThatCode(() -> SqlText.requireStatement(sql)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";",
                "-- nothing",
                "COMMIT",
                "/* x */ COMMIT",
                "END",
                "ROLLBACK",
                "BEGIN",
                "SAVEPOINT a",
                "RELEASE a",
                "PRAGMA synchronous = OFF",
                "ATTACH 'x.db' AS x",
                "DETACH x",
                "VACUUM",
                "VACUUM INTO 'x.db'",
                "REINDEX",
                "ANALYZE",
                "CREATE TABLE x (a)",
                "DROP TABLE t",
                "ALTER TABLE t ADD b",
                "REPLACE INTO t VALUES (1)",
                "EXPLAIN SELECT 1",
                "VALUES (1)",
                "backup to 'x.db'",
                "restore from 'x.db'"
            })
    void any_other_kind_of_statement_is_refused(String sql) {
        assertRefused(sql);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1; COMMIT",
                "SELECT 1;;",
                "SELECT ';'; COMMIT",
                "SELECT 1 -- ;\n; COMMIT",
                "SELECT 1 /* ' */; COMMIT -- '",
                "SELECT 'trigger'; COMMIT",
                "SELECT 1 trigger; COMMIT",
                "UPDATE \"trigger\" SET a = 1; ATTACH 'x.db' AS x",
                "DELETE FROM [trigger]; PRAGMA synchronous = OFF",
                "WITH trigger AS (SELECT 1) SELECT 1; VACUUM INTO 'x.db'"
            })
    void a_text_of_several_statements_is_refused(String sql) {
        assertRefused(sql);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM oe_execution",
                "SELECT * FROM OE_Execution",
                "SELECT * FROM main.oe_execution",
                "SELECT * FROM main . oe_execution",
                "SELECT * FROM \"oe_execution\"",
                "SELECT * FROM [oe_execution]",
                "SELECT * FROM `oe_execution`",
                "SELECT * FROM 'oe_execution'",
                "SELECT * FROM/**/oe_execution",
                "SELECT * FROM t, oe_meta",
                "SELECT (SELECT count(*) FROM oe_receipt)",
                "WITH x AS (SELECT * FROM oe_execution) SELECT * FROM x",
                "WITH oe_execution AS (SELECT 1) DELETE FROM t",
                "INSERT INTO oe_receipt VALUES (1, NULL, 'x')",
                "UPDATE oe_meta SET commit_seq = 0",
                "UPDATE t SET a = 1 FROM oe_execution",
                "DELETE FROM oe_execution",
                "SELECT * FROM execution_log",
                "SELECT * FROM execution_log_imported",
                "SELECT * FROM sqlite_schema",
                "UPDATE \"sqlite_master\" SET sql = ''",
                "SELECT * FROM sqlite_dbpage",
                "SELECT * FROM pragma_table_info('t')",
                "SELECT load_extension('x')",
                "SELECT replicate('aaaaaaaaaaaaaaaa', 268435457)",
                "SELECT PadL('a', ?), \"padr\"('a', ?), [padc]('a', ?)",
                "INSERT OR ROLLBACK INTO t VALUES (1)",
                "SELECT ?1oe_meta"
            })
    void whatever_mentions_the_ledger_sqlite_itself_or_a_rollback_is_refused(String sql) {
        assertRefused(sql);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT $a('), b FROM oe_meta --'", // one parameter to SQLite, a string to others
                "SELECT :a",
                "SELECT @a",
                "SELECT #a",
                "SELECT * FROM \uFEFFoe_meta", // white space to SQLite
                "SELECT * FROM \u00A0t",
                "SELECT 'a\u0000' FROM t",
                "SELECT 1 \u0000; COMMIT",
                "SELECT 1 -- \u0000",
                "SELECT 'a\uD800'",
                "SELECT \u000B1",
                "SELECT 'a",
                "SELECT \"a",
                "SELECT [a",
                "SELECT 1 /* a",
                "SELECT \\ 1",
                "{call x}"
            })
    void what_sqlite_could_read_otherwise_is_refused(String sql) {
        assertRefused(sql);
    }

    @Test
    void only_the_definition_of_a_trigger_may_hold_semicolons() {
        assertThatCode(() -> SqlText.requireDefinition(
                        "CREATE TRIGGER r AFTER INSERT ON t BEGIN UPDATE t SET a = 1; DELETE FROM u; END;"))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> SqlText.requireDefinition("CREATE TABLE \"trigger\" (a); COMMIT"))
                .isInstanceOf(SqlText.Refused.class);
        assertThatThrownBy(() -> SqlText.requireDefinition(
                        "CREATE TRIGGER r AFTER INSERT ON t BEGIN DELETE FROM u; END; COMMIT"))
                .isInstanceOf(SqlText.Refused.class);
    }

    private static void assertRefused(String sql) {
        assertThatThrownBy(() -> SqlText.requireStatement(sql)).isInstanceOf(SqlText.Refused.class);
    }
}
