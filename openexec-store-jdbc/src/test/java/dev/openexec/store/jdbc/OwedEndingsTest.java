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
import static dev.openexec.store.jdbc.TestStores.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.store.Change;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.Outcome;
import dev.openexec.store.StoreException.Reason;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import dev.openexec.testkit.SampleClaims;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An ending tells what has happened: whatever is wrong with the ledger, it is kept until it can be written. */
@Timeout(60)
class OwedEndingsTest {

    private static final String LARGE = "x".repeat(1 << 20);

    private @TempDir Path folder;
    private Path file;
    private final AtomicReference<String> pages = new AtomicReference<>("1073741823");
    private final Interposed sqlite = new Interposed()
            .before("BEGIN IMMEDIATE", connection -> Sql.execute(connection, "PRAGMA max_page_count = " + pages.get()));
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
    void on_a_full_disk_claims_are_refused_and_endings_land_when_there_is_room_again() throws Exception {
        Claim running = claimed(store, "running");
        Claim refused = SampleClaims.signed("acme", "n", NOW).carrying(LARGE).claim();
        Ending ending = Ending.succeeded(NOW, LARGE);
        Change.End end = new Change.End(running.nonceKey(), running.token(), 1, ending, previous -> "leaf");
        diskIsFull();

        assertFails(store.write(insert(refused)), Reason.STORE_FULL);
        assertFails(store.write(end), Reason.STORE_FULL);
        assertThat(row(store, running)).isEqualTo(running(running));
        assertThat(get(store.find(refused.keys()))).isEmpty();

        diskHasRoom();
        write(store, new Write.Beat());
        assertThat(row(store, running)).isEqualTo(new StoredExecution(running, 1, ending));
        assertThat(write(store, end)).isEqualTo(Outcome.applied(-1));
        assertThat(write(store, insert(refused))).isEqualTo(Outcome.applied(-1));
        assertThat(Sql.texts(file, "SELECT body FROM oe_receipt")).containsExactly("leaf");
    }

    @Test
    void a_small_ending_lands_on_a_disk_that_is_too_full_for_a_large_one() {
        Claim large = claimed(store, "large");
        Claim small = claimed(store, "small");
        diskIsFull();

        assertFails(store.write(end(large, Ending.succeeded(NOW, LARGE))), Reason.STORE_FULL);
        assertThat(write(store, end(small, SUCCESS))).isEqualTo(Outcome.applied(-1));
    }

    @Test
    void endings_that_are_owed_are_tried_again_however_often_they_fail() {
        Claim first = claimed(store, "first");
        Claim second = claimed(store, "second");
        diskIsFull();
        assertFails(store.write(end(first, Ending.succeeded(NOW, LARGE))), Reason.STORE_FULL);
        assertFails(store.write(end(second, Ending.succeeded(NOW, LARGE))), Reason.STORE_FULL);
        for (int i = 0; i < 3; i++) {
            write(store, new Write.Beat()); // there is room for a heartbeat
        }
        assertThat(row(store, first)).isEqualTo(running(first));
        assertThat(row(store, second)).isEqualTo(running(second));

        diskHasRoom();
        write(store, new Write.Beat());
        assertThat(row(store, first)).isEqualTo(new StoredExecution(first, 1, Ending.succeeded(NOW, LARGE)));
        assertThat(row(store, second)).isEqualTo(new StoredExecution(second, 1, Ending.succeeded(NOW, LARGE)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void an_ending_is_kept_whenever_there_is_no_memory_while_its_failure_is_looked_at(int starved) {
        Claim claim = claimed(store, "n");
        AtomicInteger looks = new AtomicInteger();
        sqlite.before("COMMIT", connection -> {
            throw new Unexplained(looks, starved);
        });
        assertFails(store.write(end(claim, SUCCESS)), Reason.STORE_UNAVAILABLE);
        assertThat(looks).hasValueGreaterThanOrEqualTo(starved);

        sqlite.before("COMMIT", connection -> {});
        write(store, new Write.Beat());
        assertThat(row(store, claim)).isEqualTo(new StoredExecution(claim, 1, SUCCESS));
    }

    @Test
    void an_ending_that_is_owed_lands_by_itself() {
        Claim claim = claimed(store, "n");
        diskIsFull();
        assertFails(store.write(end(claim, Ending.succeeded(NOW, LARGE))), Reason.STORE_FULL);
        diskHasRoom();

        while (row(store, claim).ending() == null) {
            assertThat(Thread.currentThread().isInterrupted()).as("timed out").isFalse();
        }
    }

    @Test
    void an_ending_that_is_owed_lands_when_the_store_closes() throws Exception {
        Claim claim = claimed(store, "n");
        diskIsFull();
        assertFails(store.write(end(claim, Ending.succeeded(NOW, LARGE))), Reason.STORE_FULL);
        diskHasRoom();

        store.close();

        assertThat(Sql.texts(file, "SELECT state FROM oe_execution")).containsExactly("SUCCEEDED");
    }

    @Test
    void on_a_full_disk_an_ending_lands_in_the_room_that_was_set_aside_and_no_claim_takes_it() throws Exception {
        Claim running = claimed(store, "running");
        Claim refused = SampleClaims.signed("acme", "n", NOW).carrying(LARGE).claim();
        Path ballast = folder.resolve("ledger.db.ballast");
        assertThat(ballast).hasSize(1 << 20);
        sqlite.before("UPDATE main.oe_execution", connection -> {
            if (!Files.exists(ballast)) {
                diskHasRoom();
                Sql.execute(connection, "PRAGMA max_page_count = " + pages.get());
            }
        });
        diskIsFull();

        write(store, end(running, Ending.succeeded(NOW, LARGE)));
        assertThat(row(store, running).ending()).isEqualTo(Ending.succeeded(NOW, LARGE));
        assertThat(ballast).doesNotExist();

        Path inTheWay = Files.createDirectories(ballast.resolve("x"));
        assertFails(store.write(insert(refused)), Reason.STORE_FULL);
        assertFails(store.write(new Write.Beat()), Reason.STORE_FULL);
        Files.delete(inTheWay);
        Files.delete(ballast);
        write(store, insert(refused));
        assertThat(ballast).hasSize(1 << 20);
    }

    private void diskIsFull() {
        pages.set("1"); // SQLite makes that: no more than there are
    }

    private void diskHasRoom() {
        pages.set("1073741823");
    }
}
