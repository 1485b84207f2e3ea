package dev.openexec.store.jdbc;

import static dev.openexec.store.jdbc.TestStores.CLOCK;
import static dev.openexec.store.jdbc.TestStores.claimed;
import static dev.openexec.store.jdbc.TestStores.get;
import static dev.openexec.store.jdbc.TestStores.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import dev.openexec.store.Write;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What lies where the ballast belongs may be anything: it is replaced, and never written to. */
@Timeout(60)
class BallastTest {

    private @TempDir Path folder;
    private Path file;
    private Path ballast;
    private Path other;

    @BeforeEach
    void name() {
        file = folder.resolve("ledger.db");
        ballast = folder.resolve("ledger.db.ballast");
        other = folder.resolve("somebody-elses");
    }

    @Test
    void a_link_to_a_file_of_somebody_else_is_not_written_through() throws Exception {
        Files.writeString(other, "not ours");
        Files.createSymbolicLink(ballast, other);

        claim();

        assertThat(other).hasContent("not ours");
        assertIsOurs();
    }

    @Test
    void a_link_to_nothing_makes_no_file() throws Exception {
        Files.createSymbolicLink(ballast, other);

        claim();

        assertThat(other).doesNotExist();
        assertIsOurs();
    }

    @Test
    void a_link_to_a_file_of_the_right_size_is_no_room_on_the_disk() throws Exception {
        Files.write(other, new byte[1 << 20]);
        Files.createSymbolicLink(ballast, other);

        claim();

        assertThat(other).hasBinaryContent(new byte[1 << 20]);
        assertIsOurs();
    }

    @Test
    void a_second_name_of_a_file_of_somebody_else_is_not_written_to() throws Exception {
        Files.writeString(other, "not ours");
        Files.createLink(ballast, other);

        claim();

        assertThat(other).hasContent("not ours");
        assertIsOurs();
    }

    @Test
    void a_pipe_in_its_place_does_not_stop_the_ledger() throws Exception {
        Process made = new ProcessBuilder("mkfifo", ballast.toString()).start();
        assertThat(made.waitFor()).isZero();

        claim();

        assertIsOurs();
    }

    @Test
    void where_it_cannot_be_set_aside_no_refusal_is_logged_in_the_room_of_endings() throws Exception {
        Files.createDirectories(ballast.resolve("taken"));
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);

            assertThatThrownBy(() -> get(store.write(new Write.Note(previous -> "refused"))))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.STORE_FULL));
        }
    }

    /** The size alone does not tell what is half written from what is there: neither may be taken from who writes it. */
    @Test
    void stores_that_set_it_aside_at_the_same_time_all_have_it() throws Exception {
        int stores = 4;
        int rounds = 200;
        ExecutorService threads = Executors.newFixedThreadPool(stores);
        CyclicBarrier together = new CyclicBarrier(stores, () -> new Ballast(ballast).drop());
        try {
            List<Callable<Integer>> each = Collections.nCopies(stores, () -> {
                Ballast shared = new Ballast(ballast);
                int there = 0;
                for (int round = 0; round < rounds; round++) {
                    together.await();
                    there += shared.isThere() ? 1 : 0;
                }
                return there;
            });
            for (Future<Integer> there : threads.invokeAll(each)) {
                assertThat(there.get()).isEqualTo(rounds);
            }
        } finally {
            threads.shutdownNow();
        }
        assertIsOurs();
    }

    @Test
    void one_that_a_killed_process_left_half_written_is_completed() throws Exception {
        Files.write(ballast, new byte[1 << 18]);

        claim();

        assertIsOurs();
    }

    private void claim() {
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
            claimed(store, "n");
            write(store, new Write.Beat());
        }
    }

    private void assertIsOurs() {
        assertThat(ballast).hasSize(1 << 20);
        assertThat(Files.isSymbolicLink(ballast)).isFalse();
    }
}
