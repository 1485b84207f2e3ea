package dev.openexec.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.openexec.action.Kind;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.ExecutionStore.Work;
import dev.openexec.store.Outcome;
import dev.openexec.store.Outcome.Verdict;
import dev.openexec.store.StoredExecution;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The sentences about transactions in which actions run, for stores that have them. */
abstract class TransactionSentences extends LogSentences {

    private static final Ending SUCCESS = Ending.succeeded(NOW, "{}");
    private static final Duration LONG = Duration.ofMinutes(1);

    private ExecutionStore transactional() {
        ExecutionStore store = openFresh();
        assumeTrue(store.transactional(), "This ledger runs no actions inside its transactions");
        return store;
    }

    private static Claim claim(String nonce) {
        return SampleClaims.signed(TENANT, nonce, NOW).of(Kind.TRANSACTIONAL).claim();
    }

    private static Outcome transact(ExecutionStore store, Claim claim, Duration budget, Work work) {
        return get(store.transact(claim, budget, task -> new Thread(task).start(), work));
    }

    private static void assertRecorded(ExecutionStore store, Outcome outcome, Claim claim, Ending ending) {
        assertThat(outcome).isEqualTo(Outcome.recorded(new StoredExecution(claim, 1, ending)));
        assertThat(find(store, claim.keys())).contains(new StoredExecution(claim, 1, ending));
    }

    private static void assertFailed(Outcome outcome) {
        assertThat(Optional.ofNullable(outcome.standing())
                        .map(StoredExecution::ending)
                        .map(Ending::state))
                .contains(Ending.State.FAILED);
    }

    private static void add(Connection connection, String name) throws SQLException {
        try (var statement = connection.prepareStatement("INSERT INTO effects (name) VALUES (?)")) {
            statement.setString(1, name);
            statement.executeUpdate();
        }
    }

    /** What is in the table, as another transaction sees it. */
    private static List<String> effects(ExecutionStore store) {
        List<String> names = new ArrayList<>();
        assertApplied(transact(store, claim("look " + System.nanoTime()), LONG, connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT name FROM effects ORDER BY name")) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
            return SUCCESS;
        }));
        return names;
    }

    @Test
    void a_transaction_commits_its_claim_its_effects_and_its_ending_together() {
        ExecutionStore store = transactional();
        Claim claim = claim("n");

        Outcome outcome = transact(store, claim, LONG, connection -> {
            add(connection, "x");
            assertThat(find(store, claim.keys())).isEmpty();
            return SUCCESS;
        });

        assertRecorded(store, outcome, claim, SUCCESS);
        assertThat(effects(store)).containsExactly("x");
    }

    @Test
    void a_transaction_that_does_not_succeed_leaves_its_ending_and_no_effect() {
        ExecutionStore store = transactional();
        Ending failure = Ending.failed(NOW, "no-luck");
        Claim failed = claim("failed");
        Claim thrown = claim("thrown");

        assertRecorded(
                store,
                transact(store, failed, LONG, connection -> {
                    add(connection, "x");
                    return failure;
                }),
                failed,
                failure);
        assertFailed(transact(store, thrown, LONG, connection -> {
            add(connection, "y");
            throw new IllegalStateException("whatever");
        }));

        assertThat(effects(store)).isEmpty();
    }

    @Test
    void a_transaction_whose_claim_is_lost_or_refused_is_not_entered() {
        ExecutionStore store = transactional();
        Claim first = claim("n");
        assertApplied(write(store, insert(first)));
        AtomicInteger entered = new AtomicInteger();
        Work counting = connection -> {
            entered.incrementAndGet();
            return SUCCESS;
        };
        Claim expired = SampleClaims.signed(TENANT, "m", NOW)
                .approved(NOW, NOW.minusSeconds(10))
                .claim();

        Outcome lost = transact(store, claim("n"), LONG, counting);
        assertThat(lost.verdict()).isEqualTo(Verdict.LOST);
        assertThat(lost.standing()).isEqualTo(running(first));
        assertThat(transact(store, expired, LONG, counting).verdict()).isEqualTo(Verdict.EXPIRED);
        assertThat(find(store, expired.keys())).isEmpty();
        assertThat(entered).hasValue(0);
    }

    @Test
    void a_transaction_is_over_when_its_budget_is() {
        ExecutionStore store = transactional();
        CountDownLatch over = new CountDownLatch(1);
        Claim claim = claim("n");

        Outcome outcome = transact(store, claim, Duration.ofMillis(50), connection -> {
            add(connection, "x");
            over.await();
            return SUCCESS;
        });
        over.countDown();

        assertFailed(outcome);
        assertThat(find(store, claim.keys())).isEqualTo(Optional.ofNullable(outcome.standing()));
        assertThat(effects(store)).isEmpty();
    }

    @Test
    void the_connection_of_a_transaction_ends_with_it() {
        ExecutionStore store = transactional();
        CompletableFuture<Connection> kept = new CompletableFuture<>();
        assertApplied(transact(store, claim("n"), LONG, connection -> {
            kept.complete(connection);
            return SUCCESS;
        }));

        assertThatThrownBy(() -> add(kept.join(), "too late")).isInstanceOf(SQLException.class);
        assertThat(effects(store)).isEmpty();
    }

    @Test
    void the_connection_of_a_transaction_reaches_nothing_of_the_ledger_and_ends_no_transaction() {
        ExecutionStore store = transactional();
        Claim claim = claim("n");

        Outcome outcome = transact(store, claim, LONG, connection -> {
            add(connection, "x");
            assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
            assertThatThrownBy(connection::rollback).isInstanceOf(SQLException.class);
            assertThatThrownBy(connection::setSavepoint).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> connection.setAutoCommit(true)).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> connection.unwrap(Connection.class)).isInstanceOf(SQLException.class);
            for (String sql : List.of("COMMIT", "ROLLBACK", "DELETE FROM oe_execution", "SELECT 1; COMMIT")) {
                assertThatThrownBy(() -> connection.prepareStatement(sql)).isInstanceOf(SQLException.class);
            }
            return Ending.failed(NOW, "undone");
        });

        assertRecorded(store, outcome, claim, Ending.failed(NOW, "undone"));
        assertThat(effects(store)).isEmpty();
    }
}
