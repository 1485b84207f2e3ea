package dev.openexec.store.jdbc;

import static dev.openexec.store.jdbc.TestStores.CLOCK;
import static dev.openexec.store.jdbc.TestStores.NOW;
import static dev.openexec.store.jdbc.TestStores.SUCCESS;
import static dev.openexec.store.jdbc.TestStores.claim;
import static dev.openexec.store.jdbc.TestStores.claimed;
import static dev.openexec.store.jdbc.TestStores.end;
import static dev.openexec.store.jdbc.TestStores.get;
import static dev.openexec.store.jdbc.TestStores.insert;
import static dev.openexec.store.jdbc.TestStores.row;
import static dev.openexec.store.jdbc.TestStores.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.store.Claim;
import dev.openexec.store.ExecutionStore.Orphan;
import dev.openexec.store.Outcome;
import dev.openexec.store.StoreException.Reason;
import dev.openexec.store.Write;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriterTest {

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
    void what_comes_while_a_commit_is_at_work_shares_the_next_one() throws Exception {
        long before = Sql.commits(file);
        Gate gate = new Gate();
        sqlite.before("COMMIT", gate);
        List<CompletableFuture<Outcome>> answers = new ArrayList<>();
        answers.add(send(store, insert(claim("first"))));
        gate.awaitSomebody();
        for (int i = 0; i < 500; i++) {
            answers.add(send(store, insert(claim("n" + i))));
        }
        assertThat(answers).noneMatch(CompletableFuture::isDone); // nothing is answered before its commit
        gate.open();

        assertThat(answers).allSatisfy(answer -> assertThat(get(answer)).isEqualTo(Outcome.applied(-1)));
        assertThat(Sql.commits(file) - before).isEqualTo(2);
    }

    @Test
    void each_write_that_comes_alone_has_a_commit_of_its_own() throws Exception {
        long before = Sql.commits(file);

        TestStores.write(store, end(claimed(store, "n"), SUCCESS));
        TestStores.write(store, new Write.Beat());

        assertThat(Sql.commits(file) - before).isEqualTo(3);
    }

    @Test
    void nothing_is_answered_before_its_commit_is_seen_by_others() throws Exception {
        for (int i = 0; i < 20; i++) {
            Claim claim = claim("n" + i);
            String count = "SELECT count(*) FROM oe_execution WHERE exec_id = '" + claim.executionId() + "'";

            long seen = get(store.write(insert(claim)).thenApply(outcome -> numberOf(count)));
            assertThat(seen).isOne();
        }
    }

    @Test
    void endings_go_before_claims_and_claims_before_heartbeats() throws Exception {
        Claim running = claimed(store, "running");
        Gate gate = new Gate();
        sqlite.before("COMMIT", gate);
        List<String> order = new CopyOnWriteArrayList<>();
        store.write(new Write.Beat());
        gate.awaitSomebody();
        List<CompletableFuture<?>> answers = List.of(
                send(store, new Write.Beat()).thenRun(() -> order.add("beat")),
                send(store, insert(claim("n"))).thenRun(() -> order.add("claim")),
                send(store, end(running, SUCCESS)).thenRun(() -> order.add("ending")));
        gate.open();

        answers.forEach(TestStores::get);
        assertThat(order).containsExactly("ending", "claim", "beat");
    }

    @Test
    void a_claim_is_refused_when_too_much_waits_and_an_ending_never() throws Exception {
        Claim running = claimed(store, "running");
        Gate gate = new Gate();
        sqlite.before("BEGIN IMMEDIATE", gate);
        store.write(new Write.Beat());
        gate.awaitSomebody();
        List<CompletableFuture<Outcome>> beats = new ArrayList<>();
        for (int i = 0; i < 16_384; i++) {
            beats.add(send(store, new Write.Beat()));
        }

        TestStores.assertFails(store.write(insert(claim("n"))), Reason.STORE_UNAVAILABLE);
        CompletableFuture<Outcome> ending = send(store, end(running, SUCCESS));
        assertThat(ending).isNotDone();
        gate.open();

        assertThat(get(ending)).isEqualTo(Outcome.applied(-1));
        beats.forEach(TestStores::get);
    }

    @Test
    void the_largest_texts_go_through() {
        String large = "x".repeat(20 << 20);
        Claim claim = dev.openexec.testkit.SampleClaims.signed("acme", "n", NOW)
                .carrying(large)
                .claim();

        TestStores.write(store, insert(claim));
        TestStores.write(store, end(claim, dev.openexec.store.Ending.succeeded(NOW, large)));

        assertThat(row(store, claim).claim().payload()).isEqualTo(large);
    }

    @Test
    void a_stage_that_fails_or_interrupts_on_the_stores_thread_harms_nobody() {
        AtomicInteger ran = new AtomicInteger();
        get(store.write(insert(claim("n"))).handle((outcome, failure) -> {
            Thread.currentThread().interrupt();
            return ran.incrementAndGet();
        }));
        store.write(insert(claim("m"))).thenRun(() -> {
            ran.incrementAndGet();
            throw new StackOverflowError();
        });

        row(store, claimed(store, "o"));
        assertThat(ran).hasValue(2);
    }

    @Test
    void an_interrupt_left_on_the_readers_thread_does_not_hide_orphans() throws Exception {
        Claim claim = claimed(store, "n");
        store.close();
        store = new SqliteStore(file, sqlite);
        store.open(true, CLOCK);
        Gate gate = new Gate();
        sqlite.before("BEGIN", gate);
        CompletableFuture<Void> interrupted = store.find(claim.keys())
                .toCompletableFuture()
                .thenRun(() -> Thread.currentThread().interrupt());
        gate.awaitSomebody();
        CompletableFuture<List<Orphan>> orphans =
                store.orphans(null, 1).toCompletableFuture(); // the next batch, without a wait in between
        gate.open();

        get(interrupted);
        assertThat(get(orphans)).containsExactly(new Orphan(TestStores.running(claim), true));
    }

    private long numberOf(String sql) {
        try (Connection connection = Sql.connect(file)) {
            return Long.parseLong(Sql.texts(connection, sql).get(0));
        } catch (java.sql.SQLException e) {
            throw new AssertionError(e);
        }
    }
}
