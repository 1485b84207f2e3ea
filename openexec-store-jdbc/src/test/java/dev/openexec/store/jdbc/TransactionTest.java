package dev.openexec.store.jdbc;

import static dev.openexec.store.jdbc.TestStores.CLOCK;
import static dev.openexec.store.jdbc.TestStores.NOW;
import static dev.openexec.store.jdbc.TestStores.SUCCESS;
import static dev.openexec.store.jdbc.TestStores.assertFails;
import static dev.openexec.store.jdbc.TestStores.claim;
import static dev.openexec.store.jdbc.TestStores.claimed;
import static dev.openexec.store.jdbc.TestStores.get;
import static dev.openexec.store.jdbc.TestStores.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.Ending.State;
import dev.openexec.store.ExecutionStore.Work;
import dev.openexec.store.Outcome;
import dev.openexec.store.Outcome.Verdict;
import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import dev.openexec.store.StoredExecution;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What a TRANSACTIONAL action can do with the connection, and what it cannot. */
@Timeout(60)
class TransactionTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(50);

    private @TempDir Path folder;
    private Path file = Path.of("");
    private final Interposed sqlite = new Interposed();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private SqliteStore store;

    @BeforeEach
    void openFirst() {
        file = folder.resolve("ledger.db");
        open();
    }

    private void open() {
        store = new SqliteStore(file, sqlite)
                .withTables(
                        "CREATE TABLE IF NOT EXISTS t (a UNIQUE, b REFERENCES t (a) DEFERRABLE INITIALLY DEFERRED)");
        store.open(true, CLOCK);
    }

    @AfterEach
    void close() {
        store.close();
        threads.shutdownNow();
    }

    private Outcome run(Claim claim, Duration budget, Work work) {
        return get(store.transact(claim, budget, threads, work));
    }

    private Ending ending(Work work) {
        Claim claim = claim("n");
        StoredExecution recorded = Objects.requireNonNull(run(claim, LONG, work).standing());
        assertThat(row(store, claim)).isEqualTo(recorded);
        return Objects.requireNonNull(recorded.ending());
    }

    private static void insert(Connection connection, Object value) throws SQLException {
        try (var statement = connection.prepareStatement("INSERT INTO t (a) VALUES (?)")) {
            statement.setObject(1, value);
            statement.executeUpdate();
        }
    }

    private List<String> effects() throws SQLException {
        return Sql.texts(file, "SELECT a FROM t ORDER BY 1");
    }

    @Test
    void the_word_trigger_lets_no_second_statement_in() throws Exception {
        Ending ending = ending(connection -> {
            try (Statement statement = connection.createStatement()) {
                insert(connection, "x");
                statement.executeUpdate("SELECT 'trigger'; COMMIT; BEGIN");
            }
            return SUCCESS;
        });

        assertThat(ending.state()).isEqualTo(State.FAILED);
        assertThat(effects()).isEmpty();
    }

    @Test
    void claim_effects_and_ending_are_one_commit() throws Exception {
        long before = Sql.commits(file);

        Ending ending = ending(connection -> {
            insert(connection, "x");
            insert(connection, "y");
            assertThat(effects()).isEmpty();
            assertThat(Sql.number(file, "SELECT count(*) FROM oe_execution")).isZero();
            return SUCCESS;
        });

        assertThat(ending).isEqualTo(SUCCESS);
        assertThat(effects()).containsExactly("x", "y");
        assertThat(Sql.commits(file)).isEqualTo(before + 1);
    }

    @Test
    void a_failure_is_recorded_and_its_effects_are_undone() throws Exception {
        long before = Sql.commits(file);

        assertThat(ending(connection -> {
                    insert(connection, "x");
                    return Ending.failed(NOW, "no-luck");
                }))
                .isEqualTo(Ending.failed(NOW, "no-luck"));

        assertThat(effects()).isEmpty();
        assertThat(Sql.commits(file)).isEqualTo(before + 1);
    }

    @Test
    void what_is_thrown_undoes_everything() throws Exception {
        assertThat(ending(connection -> {
                    insert(connection, "x");
                    throw new AssertionError("whatever");
                }))
                .isEqualTo(Ending.failed(NOW, "action-error"));
        assertThat(effects()).isEmpty();
    }

    @Test
    void the_work_runs_on_the_thread_it_was_given_and_never_on_the_ledger_s() {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        CompletableFuture<Thread> ran = new CompletableFuture<>();
        Claim claim = claim("n");
        get(store.transact(
                claim,
                LONG,
                task -> {
                    thread.complete(new Thread(task));
                    thread.join().start();
                },
                connection -> {
                    ran.complete(Thread.currentThread());
                    return SUCCESS;
                }));
        assertThat(ran.join()).isSameAs(thread.join());
    }

    @Test
    void a_claim_that_is_lost_is_not_entered() {
        Claim first = claimed(store, "n");
        AtomicInteger entered = new AtomicInteger();

        Outcome outcome = run(claim("n"), LONG, connection -> {
            entered.incrementAndGet();
            return SUCCESS;
        });

        assertThat(outcome.verdict()).isEqualTo(Verdict.LOST);
        assertThat(Objects.requireNonNull(outcome.standing()).claim()).isEqualTo(first);
        assertThat(entered).hasValue(0);
    }

    @Test
    void a_transaction_that_is_sent_again_answers_with_its_row_and_is_not_entered_again() throws Exception {
        Claim claim = claim("n");
        AtomicInteger entered = new AtomicInteger();
        Work work = connection -> {
            insert(connection, entered.incrementAndGet());
            return SUCCESS;
        };

        Outcome first = run(claim, LONG, work);

        assertThat(run(claim, LONG, work)).isEqualTo(first);
        assertThat(effects()).containsExactly("1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "COMMIT",
                "ROLLBACK",
                "END",
                "SAVEPOINT a",
                "PRAGMA synchronous = OFF",
                "ATTACH ':memory:' AS x",
                "CREATE TABLE u (a)",
                "CREATE TEMP TABLE u (a)",
                "SELECT 1; COMMIT",
                "DELETE FROM oe_execution",
                "UPDATE 'oe_meta' SET commit_seq = 0",
                "INSERT OR ROLLBACK INTO t VALUES (1, 1)",
                "backup to 'x.db'"
            })
    void sql_that_is_not_harmless_is_refused_in_every_way_and_changes_nothing(String sql) throws Exception {
        Ending ending = ending(connection -> {
            insert(connection, "x");
            try (Statement statement = connection.createStatement()) {
                assertRefused(() -> statement.execute(sql));
                assertRefused(() -> statement.executeQuery(sql));
                assertRefused(() -> statement.executeUpdate(sql));
                assertRefused(() -> statement.executeLargeUpdate(sql));
                assertRefused(() -> statement.addBatch(sql));
                assertRefused(() -> connection.prepareStatement(sql));
                assertRefused(() -> connection.prepareStatement("SELECT 1").executeUpdate(sql));
            }
            return SUCCESS;
        });

        assertThat(ending).isEqualTo(SUCCESS);
        assertThat(effects()).containsExactly("x");
        assertThat(Sql.number(file, "SELECT count(*) FROM oe_execution")).isOne();
    }

    @Test
    void methods_that_end_a_transaction_or_reach_behind_the_guard_are_refused() throws Exception {
        assertThat(ending(connection -> {
                    assertThat(connection.getAutoCommit()).isFalse();
                    assertRefused(connection::commit);
                    assertRefused(connection::rollback);
                    assertRefused(connection::setSavepoint);
                    assertRefused(() -> connection.setSavepoint("a"));
                    assertRefused(() -> connection.setAutoCommit(true));
                    assertRefused(() -> connection.setReadOnly(true));
                    assertRefused(() -> connection.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED));
                    assertRefused(() -> connection.abort(Runnable::run));
                    assertRefused(() -> connection.prepareCall("SELECT 1"));
                    assertRefused(() -> connection.prepareStatement("SELECT 1", Statement.RETURN_GENERATED_KEYS));
                    assertRefused(() -> connection.unwrap(org.sqlite.SQLiteConnection.class));
                    assertRefused(() -> connection.isWrapperFor(Connection.class));
                    assertRefused(() -> connection.getMetaData().getTables(null, null, null, null));
                    assertThat(connection.getMetaData().getConnection()).isSameAs(connection);
                    assertThat(connection.getMetaData().getDatabaseProductName())
                            .isEqualTo("SQLite");
                    return SUCCESS;
                }))
                .isEqualTo(SUCCESS);
    }

    @Test
    void nothing_of_the_driver_is_handed_out() throws Exception {
        List<Object> handedOut = new ArrayList<>();
        assertThat(ending(connection -> {
                    insert(connection, "x");
                    var statement = connection.prepareStatement("SELECT a FROM t");
                    ResultSet rows = statement.executeQuery();
                    handedOut.addAll(List.of(
                            connection,
                            statement,
                            rows,
                            rows.getMetaData(),
                            connection.getMetaData(),
                            statement.getConnection()));
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getMetaData().getColumnName(1)).isEqualTo("a");
                    assertRefused(rows::getStatement);
                    assertRefused(() -> rows.getObject(1, java.sql.Clob.class));
                    assertRefused(() -> rows.getBinaryStream(1));
                    assertRefused(() -> statement.unwrap(Statement.class));
                    assertRefused(() -> statement.setObject(1, new Object()));
                    assertRefused(() -> statement.setQueryTimeout(0));
                    return SUCCESS;
                }))
                .isEqualTo(SUCCESS);
        assertThat(handedOut)
                .hasSize(6)
                .noneMatch(object -> object.getClass().getName().startsWith("org.sqlite"));
    }

    @Test
    void a_swallowed_error_that_leaves_the_transaction_alone_changes_nothing() throws Exception {
        assertThat(ending(connection -> {
                    insert(connection, "x");
                    assertThatThrownBy(() -> insert(connection, "x")).isInstanceOf(SQLException.class);
                    assertThatThrownBy(() -> connection.prepareStatement("SELECT no_such_column FROM t"))
                            .isInstanceOf(SQLException.class);
                    insert(connection, "y");
                    return SUCCESS;
                }))
                .isEqualTo(SUCCESS);
        assertThat(effects()).containsExactly("x", "y");
    }

    @Test
    void a_swallowed_error_that_ended_the_transaction_is_an_unknown_outcome_and_keeps_nothing() throws Exception {
        sqlite.before("INSERT INTO t", connection -> {
            if (Sql.texts(connection, "SELECT count(*) FROM t").equals(List.of("1"))) {
                Sql.execute(connection, "ROLLBACK"); // as SQLite does by itself
                throw new SQLException("The disk is full");
            }
        });

        Ending ending = ending(connection -> {
            insert(connection, "x");
            assertThatThrownBy(() -> insert(connection, "y")).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> insert(connection, "z")).hasMessageContaining("over");
            assertThat(connection.isClosed()).isTrue();
            return SUCCESS;
        });

        assertThat(ending).isEqualTo(Ending.indeterminate(NOW, "transaction-lost"));
        assertThat(effects()).isEmpty();
    }

    @Test
    void a_transaction_that_ended_where_no_stack_was_left_to_look_for_it_takes_nothing_more() throws Exception {
        sqlite.before("INSERT INTO t", connection -> {
            if (Sql.texts(connection, "SELECT count(*) FROM t").equals(List.of("1"))) {
                Sql.execute(connection, "ROLLBACK"); // as SQLite does by itself
                throw new SQLException("The disk is full");
            }
        });
        AtomicInteger looks = new AtomicInteger();
        sqlite.before("RELEASE oe_", connection -> {
            if (looks.getAndIncrement() == 0) {
                throw new StackOverflowError();
            }
        });

        Ending ending = ending(connection -> {
            insert(connection, "x");
            for (int i = 0; i < 2; i++) {
                assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> insert(connection, "y")))
                        .isNotNull();
            }
            return SUCCESS;
        });

        assertThat(ending).isEqualTo(Ending.indeterminate(NOW, "transaction-lost"));
        assertThat(effects()).isEmpty();
    }

    @Test
    void a_full_disk_is_an_unknown_outcome_and_keeps_nothing() throws Exception {
        sqlite.before("BEGIN IMMEDIATE", connection -> Sql.execute(connection, "PRAGMA max_page_count = 30"));
        Ending ending = ending(connection -> {
            insert(connection, "x");
            assertThatThrownBy(() -> insert(connection, new byte[1 << 20])).isInstanceOf(SQLException.class);
            try {
                insert(connection, "y");
            } catch (SQLException e) {
                // swallowed
            }
            return SUCCESS;
        });

        assertThat(ending).isEqualTo(Ending.indeterminate(NOW, "transaction-lost"));
        assertThat(effects()).isEmpty();
    }

    @Test
    void at_the_end_of_the_budget_everything_is_undone_and_the_connection_is_of_no_use() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        CompletableFuture<Throwable> late = new CompletableFuture<>();
        Claim claim = claim("n");

        Outcome outcome = run(claim, SHORT, connection -> {
            insert(connection, "x");
            over.await();
            late.complete(org.assertj.core.api.Assertions.catchThrowable(() -> insert(connection, "y")));
            return SUCCESS;
        });

        assertThat(Objects.requireNonNull(outcome.standing()).ending())
                .isEqualTo(Ending.failed(NOW, "budget-exceeded"));
        assertThat(effects()).isEmpty();
        claimed(store, "another"); // the ledger does not wait for that thread
        over.countDown();
        assertThat(late.join()).isInstanceOf(SQLException.class).hasMessageContaining("over");
        assertThat(effects()).isEmpty();
        assertThat(row(store, claim)).isEqualTo(outcome.standing());
    }

    /** SQLite gives the transaction up when it interrupts a statement that writes, and only then. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FAILED | SELECT count(*) FROM n",
                "INDETERMINATE | INSERT INTO t (a) SELECT i % 2 FROM n WHERE i < 3 OR i = -1"
            })
    void a_statement_that_never_ends_is_interrupted_at_the_end_of_the_budget(State state, String sql) throws Exception {
        Outcome outcome = run(claim("n"), SHORT, connection -> {
            insert(connection, "x");
            try (Statement statement = connection.createStatement()) {
                statement.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) " + sql);
            }
            return SUCCESS;
        });

        assertThat(Objects.requireNonNull(outcome.standing()).ending())
                .isEqualTo(
                        state == State.FAILED
                                ? Ending.failed(NOW, "budget-exceeded")
                                : Ending.indeterminate(NOW, "transaction-lost"));
        assertThat(effects()).isEmpty();
        claimed(store, "another");
    }

    @Test
    void work_that_did_not_begin_within_the_budget_never_begins() {
        CompletableFuture<Runnable> kept = new CompletableFuture<>();
        AtomicInteger entered = new AtomicInteger();

        Outcome outcome = get(store.transact(claim("n"), SHORT, kept::complete, connection -> {
            entered.incrementAndGet();
            return SUCCESS;
        }));
        kept.join().run();

        assertThat(Objects.requireNonNull(outcome.standing()).ending())
                .isEqualTo(Ending.failed(NOW, "budget-exceeded"));
        assertThat(entered).hasValue(0);
    }

    @Test
    void work_that_its_thread_does_not_take_is_as_if_it_had_never_been_asked_for() throws Exception {
        AtomicInteger entered = new AtomicInteger();
        Work work = connection -> {
            insert(connection, entered.incrementAndGet());
            return SUCCESS;
        };

        assertThatThrownBy(() -> get(store.transact(
                        claim("n"),
                        LONG,
                        task -> {
                            throw new RejectedExecutionException();
                        },
                        work)))
                .isInstanceOf(StoreException.class);

        assertThat(Sql.number(file, "SELECT count(*) FROM oe_execution")).isZero();
        assertThat(ending(work)).isEqualTo(SUCCESS);
        assertThat(effects()).containsExactly("1");
    }

    @Test
    void work_that_its_thread_took_before_it_failed_is_waited_for() throws Exception {
        CompletableFuture<Void> entered = new CompletableFuture<>();
        Claim claim = claim("n");
        Outcome outcome = get(store.transact(
                claim,
                LONG,
                task -> {
                    threads.execute(task);
                    entered.join();
                    throw new RejectedExecutionException();
                },
                connection -> {
                    entered.complete(null);
                    insert(connection, "x");
                    return SUCCESS;
                }));

        assertThat(outcome).isEqualTo(Outcome.recorded(new StoredExecution(claim, 1, SUCCESS)));
        assertThat(effects()).containsExactly("x");
    }

    @Test
    void after_the_end_no_thread_can_use_the_connection() throws Exception {
        CompletableFuture<Connection> kept = new CompletableFuture<>();
        CompletableFuture<Statement> statement = new CompletableFuture<>();
        CompletableFuture<ResultSet> rows = new CompletableFuture<>();
        ending(connection -> {
            insert(connection, "x");
            kept.complete(connection);
            statement.complete(connection.createStatement());
            rows.complete(statement.join().executeQuery("SELECT a FROM t"));
            return SUCCESS;
        });

        assertRefused(() -> insert(kept.join(), "y"));
        assertRefused(() -> statement.join().executeUpdate("DELETE FROM t"));
        assertRefused(() -> rows.join().next());
        kept.join().close();
        assertThat(effects()).containsExactly("x");
        claimed(store, "another");
    }

    @Test
    void closing_the_connection_is_harmless_and_everything_after_it_fails() throws Exception {
        assertThat(ending(connection -> {
                    insert(connection, "x");
                    connection.close();
                    assertThat(connection.isClosed()).isTrue();
                    assertRefused(() -> insert(connection, "y"));
                    return SUCCESS;
                }))
                .isEqualTo(SUCCESS);
        assertThat(effects()).containsExactly("x");
    }

    @Test
    void rows_that_were_not_read_to_their_end_do_not_keep_the_transaction_open() throws Exception {
        assertThat(ending(connection -> {
                    ResultSet rows = connection
                            .createStatement()
                            .executeQuery("INSERT INTO t (a) VALUES ('x'), ('y') RETURNING a");
                    assertThat(rows.next()).isTrue();
                    assertThatThrownBy(() -> insert(connection, "x")).isInstanceOf(SQLException.class);
                    return SUCCESS;
                }))
                .isEqualTo(SUCCESS);
        assertThat(effects()).containsExactly("x", "y");
    }

    @Test
    void a_commit_that_is_refused_leaves_a_failure_and_no_effect() throws Exception {
        Ending ending = ending(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("INSERT INTO t VALUES ('x', 'nobody')"); // checked at the end only
            }
            return SUCCESS;
        });

        assertThat(ending).isEqualTo(Ending.failed(NOW, "not-committed"));
        assertThat(effects()).isEmpty();
    }

    @Test
    void a_commit_that_happened_and_gave_no_answer_is_recognised_and_not_run_again() throws Exception {
        AtomicInteger commits = new AtomicInteger();
        AtomicInteger entered = new AtomicInteger();
        sqlite.after("COMMIT", connection -> {
            if (commits.getAndIncrement() == 0) {
                throw new SQLException("no answer");
            }
        });

        assertThat(ending(connection -> {
                    entered.incrementAndGet();
                    insert(connection, "x");
                    return SUCCESS;
                }))
                .isEqualTo(SUCCESS);
        assertThat(effects()).containsExactly("x");
        assertThat(entered).hasValue(1);
    }

    @Test
    void a_transaction_that_is_only_found_in_the_ledger_is_answered_with_its_row() throws Exception {
        sqlite.after("COMMIT", committed -> {
            sqlite.before("BEGIN IMMEDIATE", busy -> {
                throw new SQLiteException("busy", SQLiteErrorCode.SQLITE_BUSY);
            });
            throw new SQLException("no answer");
        });
        Claim claim = claim("n");

        assertThat(run(claim, LONG, connection -> SUCCESS))
                .isEqualTo(Outcome.recorded(new StoredExecution(claim, 1, SUCCESS)));
    }

    @Test
    void a_commit_that_cannot_be_looked_up_for_want_of_memory_is_not_told_as_one_that_did_not_happen()
            throws Exception {
        sqlite.after("COMMIT", committed -> {
            sqlite.before("BEGIN IMMEDIATE", busy -> {
                sqlite.before("SELECT", starved -> {
                    sqlite.before("SELECT", fed -> {});
                    throw new OutOfMemoryError("of this test");
                });
                throw new SQLiteException("busy", SQLiteErrorCode.SQLITE_BUSY);
            });
            throw new SQLException("no answer");
        });
        Claim claim = claim("n");

        assertFails(store.transact(claim, LONG, threads, connection -> SUCCESS), Reason.CLAIM_UNCONFIRMED);
        sqlite.after("COMMIT", committed -> {});
        assertThat(row(store, claim)).isEqualTo(new StoredExecution(claim, 1, SUCCESS));
    }

    @Test
    void a_commit_that_did_not_happen_is_a_failure_and_is_not_run_again() throws Exception {
        AtomicInteger commits = new AtomicInteger();
        AtomicInteger entered = new AtomicInteger();
        sqlite.before("COMMIT", connection -> {
            if (commits.getAndIncrement() == 0) {
                throw new SQLException("no answer");
            }
        });

        assertThat(ending(connection -> {
                    entered.incrementAndGet();
                    insert(connection, "x");
                    return SUCCESS;
                }))
                .isEqualTo(Ending.failed(NOW, "not-committed"));
        assertThat(effects()).isEmpty();
        assertThat(entered).hasValue(1);
    }

    @Test
    void a_commit_that_found_the_ledger_busy_leaves_nothing_and_is_not_run_again() throws Exception {
        AtomicInteger entered = new AtomicInteger();
        Work work = connection -> {
            insert(connection, entered.incrementAndGet());
            return SUCCESS;
        };
        sqlite.before("COMMIT", TransactionTest::busy);
        Claim claim = claim("n");

        assertFails(store.transact(claim, LONG, threads, work), Reason.STORE_UNAVAILABLE);
        assertThat(entered).hasValue(1);
        assertThat(effects()).isEmpty();

        sqlite.before("COMMIT", connection -> {});
        assertThat(get(store.find(claim.keys()))).isEmpty();
        assertThat(ending(work)).isEqualTo(SUCCESS); // of another request, which is free to have it run
        assertThat(effects()).containsExactly("2");
    }

    @Test
    void a_commit_that_happened_and_said_that_the_ledger_was_busy_is_recognised_and_not_run_again() throws Exception {
        AtomicInteger entered = new AtomicInteger();
        Work work = connection -> {
            insert(connection, entered.incrementAndGet());
            return SUCCESS;
        };
        sqlite.after("COMMIT", TransactionTest::busy);
        Claim claim = claim("n");

        assertThat(run(claim, LONG, work).verdict()).isEqualTo(Verdict.APPLIED);

        sqlite.after("COMMIT", connection -> {});
        assertThat(row(store, claim)).isEqualTo(new StoredExecution(claim, 1, SUCCESS));
        assertThat(run(claim, LONG, work)).isEqualTo(Outcome.recorded(new StoredExecution(claim, 1, SUCCESS)));
        assertThat(run(claim("n"), LONG, work).verdict()).isEqualTo(Verdict.LOST);
        assertThat(effects()).containsExactly("1");
        assertThat(entered).hasValue(1);
    }

    @Test
    void a_commit_that_failed_on_a_ledger_that_is_busy_ever_since_leaves_nothing_and_is_not_run_again()
            throws Exception {
        AtomicInteger entered = new AtomicInteger();
        sqlite.before("COMMIT", connection -> {
            sqlite.before("BEGIN IMMEDIATE", TransactionTest::busy);
            throw new SQLException("no answer");
        });
        Claim claim = claim("n");

        assertFails(
                store.transact(claim, LONG, threads, connection -> {
                    insert(connection, entered.incrementAndGet());
                    return SUCCESS;
                }),
                Reason.STORE_UNAVAILABLE);

        sqlite.before("COMMIT", connection -> {}).before("BEGIN IMMEDIATE", connection -> {});
        claimed(store, "another");
        assertThat(effects()).isEmpty();
        assertThat(get(store.find(claim.keys()))).isEmpty();
        assertThat(entered).hasValue(1);
    }

    private static void busy(Connection connection) throws SQLException {
        throw new SQLiteException("busy", SQLiteErrorCode.SQLITE_BUSY);
    }

    @Test
    void a_claim_that_is_gone_from_its_own_transaction_is_an_unknown_outcome() throws Exception {
        sqlite.before("UPDATE main.oe_execution", connection -> {
            if (Sql.texts(connection, "SELECT state FROM oe_execution").equals(List.of("RUNNING"))) {
                Sql.execute(connection, "DELETE FROM oe_execution");
            }
        });

        assertThat(ending(connection -> {
                    insert(connection, "x");
                    return SUCCESS;
                }))
                .isEqualTo(Ending.indeterminate(NOW, "transaction-lost"));
        assertThat(effects()).isEmpty();
    }

    @Test
    void a_transaction_that_somebody_else_committed_is_an_unknown_outcome() throws Exception {
        sqlite.before("INSERT INTO t", connection -> {
            Sql.execute(connection, "COMMIT");
            throw new SQLException("behind the guard");
        });

        assertThat(ending(connection -> {
                    assertThatThrownBy(() -> insert(connection, "x")).isInstanceOf(SQLException.class);
                    return SUCCESS;
                }))
                .isEqualTo(Ending.indeterminate(NOW, "transaction-lost"));
    }

    @Test
    void a_setting_that_does_not_hold_after_the_action_keeps_the_transaction_from_being_committed() throws Exception {
        sqlite.before("INSERT INTO t", connection -> Sql.execute(connection, "PRAGMA cache_size = 5"));

        assertThat(ending(connection -> {
                            insert(connection, "x");
                            return SUCCESS;
                        })
                        .state())
                .isEqualTo(State.INDETERMINATE);
        assertThat(effects()).isEmpty();
    }

    @Test
    void while_the_ledger_cannot_be_written_nothing_is_entered() {
        sqlite.before("BEGIN IMMEDIATE", connection -> {
            throw new SQLException("no");
        });
        AtomicInteger entered = new AtomicInteger();

        assertThatThrownBy(() -> run(claim("n"), LONG, connection -> {
                    entered.incrementAndGet();
                    return SUCCESS;
                }))
                .isInstanceOf(StoreException.class);
        assertThat(entered).hasValue(0);
    }

    @Test
    void a_transaction_shares_its_commit_with_nobody() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        long before = Sql.commits(file);
        var first = store.transact(claim("a"), LONG, threads, connection -> {
            inside.countDown();
            go.await();
            return SUCCESS;
        });
        inside.await();
        var write = store.write(TestStores.insert(claim("b")));
        var second = store.transact(claim("c"), LONG, threads, connection -> SUCCESS);
        var other = store.write(TestStores.insert(claim("d")));
        go.countDown();

        assertThat(List.of(get(first), get(write), get(second), get(other)))
                .allMatch(outcome -> outcome.verdict() == Verdict.APPLIED);
        assertThat(Sql.commits(file)).isEqualTo(before + 4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT 1", "UPDATE main.oe_execution", "RELEASE", "COMMIT"})
    void a_process_that_is_killed_inside_leaves_nothing(String statement) throws Exception {
        store.close();
        try (LedgerProcess process = LedgerProcess.start(file)) {
            assertThat(process.ask("transact-as-far-as " + statement)).isEqualTo("there");
            process.kill();
        }
        open();

        assertThat(effects()).isEmpty();
        assertThat(Sql.number(file, "SELECT count(*) FROM oe_execution")).isZero();
        assertThat(ending(connection -> {
                    insert(connection, "x");
                    return SUCCESS;
                }))
                .isEqualTo(SUCCESS);
        assertThat(effects()).containsExactly("x");
    }

    private interface Call {
        void run() throws Exception;
    }

    private static void assertRefused(Call call) {
        assertThatThrownBy(call::run).isInstanceOf(SQLException.class);
    }
}
