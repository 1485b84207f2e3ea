package dev.openexec.store.jdbc;

import static dev.openexec.store.jdbc.TestStores.CLOCK;
import static dev.openexec.store.jdbc.TestStores.NOW;
import static dev.openexec.store.jdbc.TestStores.SUCCESS;
import static dev.openexec.store.jdbc.TestStores.assertFails;
import static dev.openexec.store.jdbc.TestStores.claim;
import static dev.openexec.store.jdbc.TestStores.claimed;
import static dev.openexec.store.jdbc.TestStores.end;
import static dev.openexec.store.jdbc.TestStores.get;
import static dev.openexec.store.jdbc.TestStores.insert;
import static dev.openexec.store.jdbc.TestStores.row;
import static dev.openexec.store.jdbc.TestStores.running;
import static dev.openexec.store.jdbc.TestStores.send;
import static dev.openexec.store.jdbc.TestStores.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.store.Change;
import dev.openexec.store.Claim;
import dev.openexec.store.Outcome;
import dev.openexec.store.StoreException.Reason;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import dev.openexec.testkit.SampleClaims;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FailureTest {

    private static final String COUNT = "UPDATE main.oe_meta SET commit_seq"; // the first statement of each batch

    private @TempDir Path folder;
    private Path file;
    private final Interposed sqlite = new Interposed();
    private SqliteStore store;

    @BeforeEach
    void open() {
        file = folder.resolve("ledger.db");
        store = new SqliteStore(file, sqlite);
        store.open(true, CLOCK);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void what_can_be_read_and_not_written_says_so() {
        Claim claim = claimed(store, "n");
        sqlite.before("BEGIN IMMEDIATE", connection -> Sql.execute(connection, "PRAGMA query_only = 1"));

        assertFails(store.write(insert(claim("m"))), Reason.STORE_READ_ONLY);
        assertFails(store.write(new Write.Beat()), Reason.STORE_READ_ONLY);
        assertThat(row(store, claim)).isEqualTo(running(claim));

        sqlite.before("BEGIN IMMEDIATE", connection -> Sql.execute(connection, "PRAGMA query_only = 0"));
        claimed(store, "m");
    }

    @Test
    void a_commit_whose_acknowledgement_is_lost_is_found_by_its_tokens() throws Exception {
        Claim running = claimed(store, "running");
        Claim claim = claim("n");
        once("COMMIT", sqlite::after);
        assertThat(write(store, new Write.Insert(claim, null, previous -> "intent"))
                        .verdict())
                .isEqualTo(Outcome.Verdict.APPLIED);
        once("COMMIT", sqlite::after);
        assertThat(write(store, new Change.End(running.nonceKey(), running.token(), 1, SUCCESS, previous -> "outcome"))
                        .verdict())
                .isEqualTo(Outcome.Verdict.APPLIED);

        assertThat(row(store, claim)).isEqualTo(running(claim));
        assertThat(row(store, running)).isEqualTo(new StoredExecution(running, 1, SUCCESS));
        assertThat(Sql.texts(file, "SELECT body FROM oe_receipt")).containsExactly("intent", "outcome");
    }

    @Test
    void a_commit_that_failed_is_done_again() throws Exception {
        once("COMMIT", sqlite::before);

        assertThat(write(store, new Write.Insert(claim("n"), null, previous -> "intent")))
                .isEqualTo(Outcome.applied(0));
        assertThat(Sql.number(file, "SELECT count(*) FROM oe_execution")).isOne();
    }

    @Test
    void a_claim_whose_commit_cannot_be_settled_is_unconfirmed() throws Exception {
        Claim claim = claim("n");
        sqlite.after("COMMIT", connection -> {
            sqlite.connectingBy(path -> {
                throw new SQLException("unreachable");
            });
            throw new SQLException("lost");
        });

        assertFails(store.write(insert(claim)), Reason.CLAIM_UNCONFIRMED);

        sqlite.after("COMMIT", connection -> {}).connectingBy(ConnectionSource.sqlite());
        assertThat(row(store, claim)).isEqualTo(running(claim)); // this time it was
        assertThat(write(store, insert(claim))).isEqualTo(Outcome.applied(-1));
    }

    @Test
    void a_claim_that_was_committed_is_applied_even_if_every_acknowledgement_is_lost() {
        sqlite.after("COMMIT", connection -> {
            throw new SQLException("lost");
        });
        Claim claim = claim("n");

        assertThat(write(store, insert(claim))).isEqualTo(Outcome.applied(-1));
        sqlite.after("COMMIT", connection -> {});
        assertThat(row(store, claim)).isEqualTo(running(claim));
    }

    @Test
    void a_claim_that_was_never_sent_to_commit_is_plainly_unavailable() {
        sqlite.before(COUNT, connection -> {
            throw new SQLException("broken");
        });

        assertFails(store.write(insert(claim("n"))), Reason.STORE_UNAVAILABLE);
        assertFails(store.write(new Write.Beat()), Reason.STORE_UNAVAILABLE);

        sqlite.before(COUNT, connection -> {});
        claimed(store, "n");
    }

    @Test
    void one_write_that_cannot_be_done_does_not_take_its_batch_with_it() throws Exception {
        Claim first = claimed(store, "first");
        Claim impossible = withExecutionId(claim("impossible"), first);
        Gate gate = new Gate();
        sqlite.before("BEGIN IMMEDIATE", gate);
        store.write(new Write.Beat());
        gate.awaitSomebody();
        List<Claim> claims =
                IntStream.range(0, 20).mapToObj(i -> claim("n" + i)).toList();
        List<CompletableFuture<Outcome>> before =
                claims.subList(0, 10).stream().map(c -> send(store, insert(c))).toList();
        CompletableFuture<Outcome> failing = send(store, insert(impossible));
        List<CompletableFuture<Outcome>> behind =
                claims.subList(10, 20).stream().map(c -> send(store, insert(c))).toList();
        gate.open();

        assertFails(failing, Reason.STORE_UNAVAILABLE);
        assertThat(before).allSatisfy(answer -> assertThat(get(answer)).isEqualTo(Outcome.applied(-1)));
        assertThat(behind).allSatisfy(answer -> assertThat(get(answer)).isEqualTo(Outcome.applied(-1)));
        assertThat(get(store.find(List.of(impossible.nonceKey())))).isEmpty();
    }

    @Test
    void even_an_error_is_answered_and_the_store_lives_on() {
        sqlite.before("BEGIN", connection -> {
            throw new StackOverflowError();
        });

        assertFails(store.write(insert(claim("n"))), Reason.STORE_UNAVAILABLE);
        assertFails(store.find(claim("n").keys()), Reason.STORE_UNAVAILABLE);

        sqlite.before("BEGIN", connection -> {});
        row(store, claimed(store, "n"));
    }

    @Test
    void a_lookup_that_fails_is_tried_again_on_a_new_connection() {
        Claim claim = claimed(store, "n");
        AtomicInteger failures = new AtomicInteger();
        sqlite.before("SELECT nonce_key", connection -> {
            if (failures.getAndIncrement() == 0) {
                throw new SQLException("broken");
            }
        });

        assertThat(row(store, claim)).isEqualTo(running(claim));
        assertThat(failures).hasValue(2);
    }

    @Test
    void a_ledger_that_another_writer_keeps_to_itself_is_waited_for_and_then_unavailable() throws Exception {
        sqlite.replace("PRAGMA busy_timeout = '5000'", "PRAGMA busy_timeout = 20")
                .replace("PRAGMA busy_timeout", "SELECT 5000");
        once(COUNT, sqlite::before); // has the connection opened anew, with the shorter time
        Claim running = claimed(store, "running");

        try (Connection rival = Sql.connect(file)) {
            Sql.execute(rival, "BEGIN IMMEDIATE");
            assertFails(store.write(insert(claim("n"))), Reason.STORE_UNAVAILABLE);
            assertFails(store.write(end(running, SUCCESS)), Reason.STORE_UNAVAILABLE);
            assertThat(row(store, running)).isEqualTo(running(running)); // readers are not kept out
            Sql.execute(rival, "COMMIT");
        }

        write(store, new Write.Beat());
        assertThat(row(store, running)).isEqualTo(new StoredExecution(running, 1, SUCCESS));
    }

    @Test
    void what_waited_together_for_another_writer_gives_up_together() throws Exception {
        AtomicInteger waits = new AtomicInteger();
        Gate gate = new Gate();
        sqlite.replace("PRAGMA busy_timeout = '5000'", "PRAGMA busy_timeout = 20")
                .replace("PRAGMA busy_timeout", "SELECT 5000");
        once(COUNT, sqlite::before);
        claimed(store, "first");
        sqlite.before("BEGIN IMMEDIATE", connection -> {
            waits.incrementAndGet();
            gate.run(connection);
        });
        try (Connection rival = Sql.connect(file)) {
            CompletableFuture<Outcome> first = send(store, new Write.Beat());
            gate.awaitSomebody();
            List<CompletableFuture<Outcome>> together = IntStream.range(0, 10)
                    .mapToObj(i -> send(store, insert(claim("n" + i))))
                    .toList();
            Sql.execute(rival, "BEGIN IMMEDIATE");
            gate.open();

            assertFails(first, Reason.STORE_UNAVAILABLE);
            together.forEach(claim -> assertFails(claim, Reason.STORE_UNAVAILABLE));
            assertThat(waits).hasValue(2);
            Sql.execute(rival, "COMMIT");
        }
    }

    @Test
    void a_short_lock_of_another_writer_is_only_a_wait() throws Exception {
        Claim earlier = claimed(store, "earlier");
        try (Connection rival = Sql.connect(file)) {
            Sql.execute(rival, "BEGIN IMMEDIATE");
            CompletableFuture<Outcome> answer = send(store, insert(claim("n")));
            row(store, earlier); // a round trip later the claim still waits
            assertThat(answer).isNotDone();
            Sql.execute(rival, "COMMIT");

            assertThat(get(answer)).isEqualTo(Outcome.applied(-1));
        }
    }

    @Test
    void a_row_that_was_edited_into_nonsense_is_an_error_not_an_answer() throws Exception {
        Claim claim = claimed(store, "n");
        Sql.execute(file, "UPDATE oe_execution SET kind = 'SOMETIMES'");

        assertFails(store.find(claim.keys()), Reason.STORE_UNAVAILABLE);
        assertFails(store.write(insert(claim("n"))), Reason.STORE_UNAVAILABLE);
    }

    /** SQLite's own message may have one, and has the SQL: it stays in the cause. */
    @Test
    void no_message_has_a_value_of_the_row() {
        Claim secret = SampleClaims.signed("acme", "n", NOW)
                .carrying("{\"secret\": \"payload\"}")
                .claim();
        String telling = "CREATE TEMP TRIGGER IF NOT EXISTS telling BEFORE INSERT ON main.oe_execution"
                + " BEGIN SELECT RAISE(ABORT, 'oe_execution: ' || NEW.payload); END";
        sqlite.before("BEGIN IMMEDIATE", connection -> Sql.execute(connection, telling));

        assertThatThrownBy(() -> write(store, insert(secret)))
                .hasMessage("The ledger answered with an error: SQLITE_CONSTRAINT_TRIGGER")
                .rootCause()
                .hasMessageContainingAll("oe_execution", "secret");
    }

    private interface Interposing {
        Interposed at(String sql, Interposed.Step step);
    }

    private void once(String sql, Interposing interposing) {
        AtomicInteger times = new AtomicInteger();
        interposing.at(sql, connection -> {
            if (times.getAndIncrement() == 0) {
                throw new SQLException("broken");
            }
        });
    }

    private static Claim withExecutionId(Claim claim, Claim other) {
        return new Claim(
                other.executionId(),
                claim.nonceKey(),
                claim.untenantedNonceKey(),
                claim.authority(),
                claim.approval(),
                claim.requestHash(),
                claim.tenant(),
                claim.nonce(),
                claim.action(),
                claim.kind(),
                claim.actionDigest(),
                claim.payload(),
                claim.token(),
                claim.salt(),
                claim.claimedAt());
    }
}
