package dev.openexec.store.jdbc;

import static dev.openexec.store.jdbc.TestStores.NOW;
import static dev.openexec.store.jdbc.TestStores.assertFails;
import static dev.openexec.store.jdbc.TestStores.claim;
import static dev.openexec.store.jdbc.TestStores.claimed;
import static dev.openexec.store.jdbc.TestStores.end;
import static dev.openexec.store.jdbc.TestStores.get;
import static dev.openexec.store.jdbc.TestStores.insert;
import static dev.openexec.store.jdbc.TestStores.orphans;
import static dev.openexec.store.jdbc.TestStores.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.Outcome.Verdict;
import dev.openexec.store.StoreException.Reason;
import dev.openexec.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One ledger, open in several processes, some of which are killed. */
@Timeout(120)
class SeveralProcessesTest {

    private @TempDir Path folder;
    private final SettableClock clock = new SettableClock(NOW);
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("ledger.db");
    }

    @Test
    void a_claim_of_a_living_process_is_no_orphan_and_of_a_killed_one_it_is() throws Exception {
        try (LedgerProcess other = LedgerProcess.start(file);
                SqliteStore survivor = open()) {
            other.ask("open");
            other.ask("claim ended");
            other.ask("end ended");
            assertThat(other.ask("claim running")).isEqualTo("APPLIED");
            clock.advance(Duration.ofDays(1));
            assertThat(orphans(survivor)).isEmpty();
            assertThat(files(".boot-")).hasSize(2);

            other.kill();

            assertThat(orphans(survivor))
                    .singleElement()
                    .satisfies(orphan -> assertThat(orphan.claim().nonce()).isEqualTo("running"));
            assertThat(files(".boot-")).hasSize(2); // it is the proof
            Claim orphan = orphans(survivor).get(0).claim();
            assertThat(write(survivor, end(orphan, Ending.indeterminate(NOW, "orphan")))
                            .verdict())
                    .isEqualTo(Verdict.APPLIED);
            assertThat(orphans(survivor)).isEmpty();
            assertThat(files(".boot-")).hasSize(1);
        }
        assertThat(files(".boot-")).isEmpty();
    }

    @Test
    void a_claim_that_a_kill_left_behind_is_an_orphan_after_a_restart() throws Exception {
        try (LedgerProcess other = LedgerProcess.start(file)) {
            other.ask("open");
            other.ask("claim n");
            other.kill();
        }

        try (SqliteStore restarted = open()) {
            assertThat(orphans(restarted))
                    .singleElement()
                    .satisfies(orphan -> assertThat(orphan.claim().nonce()).isEqualTo("n"));
            assertThat(write(restarted, insert(claim("n"))).verdict()).isEqualTo(Verdict.LOST);
        }
    }

    @Test
    void closing_one_store_of_a_process_does_not_give_up_the_claims_of_its_other() throws Exception {
        try (LedgerProcess other = LedgerProcess.start(file);
                SqliteStore observer = open()) {
            other.ask("open");
            other.ask("claim n");
            other.ask("open");
            assertThat(other.ask("orphans")).isEqualTo("0");
            other.ask("close");

            assertThat(orphans(observer)).isEmpty();

            other.kill();
            assertThat(orphans(observer)).hasSize(1);
        }
    }

    @Test
    void several_processes_give_each_nonce_to_one_of_them() throws Exception {
        int nonces = 200;
        try (LedgerProcess one = LedgerProcess.start(file);
                LedgerProcess other = LedgerProcess.start(file)) {
            one.tell("open");
            other.tell("open"); // both at once, on a file that neither has made yet
            int here;
            try (SqliteStore store = open()) {
                assertThat(one.answer()).isEqualTo(other.answer()).matches("[0-9a-f]{32}");
                one.tell("race " + nonces);
                other.tell("race " + nonces);
                here = LedgerProcess.race(store, nonces);
            }
            int there = Integer.parseInt(one.answer()) + Integer.parseInt(other.answer());

            assertThat(here + there).isEqualTo(nonces);
        }
        assertThat(Sql.number(file, "SELECT count(*) FROM oe_execution WHERE state = 'SUCCEEDED'"))
                .isEqualTo(nonces);
        open().close(); // their heads raise no alarm
    }

    @Test
    void a_ballast_that_one_process_gave_up_keeps_all_from_claiming_until_it_is_there_again() throws Exception {
        try (LedgerProcess other = LedgerProcess.start(file);
                SqliteStore store = new SqliteStore(file, SmallDisk.under(file))) {
            store.open(true, clock);
            other.ask("open-on-small-disk");
            Claim ours = claimed(store, "ours");
            assertThat(other.ask("claim theirs")).isEqualTo("APPLIED");
            assertThat(SmallDisk.ballast(file)).hasSize(1 << 20);
            SmallDisk.fill(file);

            assertThat(other.ask("end-large theirs")).isEqualTo("APPLIED");
            assertThat(SmallDisk.ballast(file)).doesNotExist();

            SmallDisk.obstruct(file);
            assertNobodyClaims(store, other);
            SmallDisk.clear(file); // there is room, but it is not set aside
            assertNobodyClaims(store, other);
            assertThat(write(store, end(ours, SmallDisk.LARGE)).verdict()).isEqualTo(Verdict.APPLIED);

            SmallDisk.unobstruct(file);
            assertThat(other.ask("claim n")).isEqualTo("APPLIED");
            assertThat(SmallDisk.ballast(file)).hasSize(1 << 20); // set aside by who gave it up, for both
            claimed(store, "m");
        }
    }

    @Test
    void a_ballast_that_vanished_keeps_all_from_claiming_until_one_process_has_set_it_aside() throws Exception {
        try (LedgerProcess other = LedgerProcess.start(file);
                SqliteStore store = open()) {
            other.ask("open");
            claimed(store, "ours");
            assertThat(other.ask("claim theirs")).isEqualTo("APPLIED");

            Files.delete(SmallDisk.ballast(file));
            SmallDisk.obstruct(file);
            assertNobodyClaims(store, other);
            assertThat(other.ask("end theirs")).isEqualTo("APPLIED");

            SmallDisk.unobstruct(file);
            claimed(store, "m");
            assertThat(SmallDisk.ballast(file)).hasSize(1 << 20);
            assertThat(other.ask("claim n")).isEqualTo("APPLIED");
        }
    }

    private static void assertNobodyClaims(SqliteStore store, LedgerProcess other) throws IOException {
        Claim refused = claim("n");
        assertFails(store.write(insert(refused)), Reason.STORE_FULL);
        assertThat(other.ask("claim n")).isEqualTo("STORE_FULL");
        assertThat(get(store.find(refused.keys()))).isEmpty();
    }

    @Test
    void a_log_that_was_cut_is_noticed() throws Exception {
        try (LedgerProcess other = LedgerProcess.start(file)) {
            other.ask("open");
            other.ask("claim n");
            other.kill();
        }
        Files.write(folder.resolve("ledger.db-wal"), new byte[0]);

        TestStores.assertRefused(SqliteStore.at(file), Reason.LEDGER_ROLLBACK_DETECTED);
    }

    @Test
    void the_native_library_leaves_no_trace_even_if_the_process_is_killed() throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        try (LedgerProcess other = LedgerProcess.start(file, "-Djava.io.tmpdir=" + temporary)) {
            other.ask("open");
            other.kill();
        }

        assertThat(temporary).isEmptyDirectory();
    }

    private SqliteStore open() {
        SqliteStore store = SqliteStore.at(file);
        store.open(true, clock);
        return store;
    }

    private List<Path> files(String part) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(path -> path.getFileName().toString().contains(part))
                    .toList();
        }
    }
}
