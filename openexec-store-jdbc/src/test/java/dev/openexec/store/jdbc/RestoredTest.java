package dev.openexec.store.jdbc;

import static dev.openexec.store.jdbc.TestStores.CLOCK;
import static dev.openexec.store.jdbc.TestStores.NOW;
import static dev.openexec.store.jdbc.TestStores.assertRefused;
import static dev.openexec.store.jdbc.TestStores.claimed;
import static dev.openexec.store.jdbc.TestStores.insert;
import static dev.openexec.store.jdbc.TestStores.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.action.Kind;
import dev.openexec.store.Change;
import dev.openexec.store.Claim;
import dev.openexec.store.Outcome.Verdict;
import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import dev.openexec.store.jdbc.LedgerView.Head;
import dev.openexec.store.jdbc.LedgerView.Status;
import dev.openexec.testkit.SampleClaims;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator goes on with an older copy of a ledger. */
class RestoredTest {

    private static final Duration AN_HOUR = Duration.ofHours(1);
    private static final Instant LATER = NOW.plus(AN_HOUR).plusMillis(700);

    private @TempDir Path folder;
    private Path file;
    private Path copy;
    private Claim forgotten;

    @BeforeEach
    void use_the_ledger_after_a_copy_was_made() throws IOException {
        file = folder.resolve("ledger.db");
        copy = folder.resolve("copy.db");
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
            claimed(store, "kept");
        }
        Files.copy(file, copy);
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
            forgotten = claimed(store, "forgotten");
        }
    }

    @Test
    void an_approval_that_was_spent_after_the_copy_was_made_is_refused_by_the_floor() throws Exception {
        Status before = status();
        restoreTheCopy();
        assertRefused(SqliteStore.at(file), Reason.LEDGER_ROLLBACK_DETECTED);

        SqliteStore.acceptRestored(file, InstantSource.fixed(LATER), Map.of());

        Status after = status();
        assertThat(after.ledgerId()).isEqualTo(before.ledgerId());
        assertThat(after.generation()).isEqualTo(2);
        assertThat(after.head()).isEqualTo(Head.FITS);
        assertThat(after.commits()).isGreaterThan(before.commits());
        assertThat(after.floors().issue()).isEqualTo(NOW.plus(AN_HOUR).plusSeconds(61));
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
            assertThat(write(store, insert(forgotten)).verdict()).isEqualTo(Verdict.BEFORE_ISSUE_FLOOR);
            Claim fresh = SampleClaims.signed("acme", "new", NOW.plus(AN_HOUR).plusSeconds(61))
                    .claim();
            assertThat(write(store, insert(fresh)).verdict()).isEqualTo(Verdict.APPLIED);
        }
    }

    @Test
    void what_was_running_when_the_copy_was_made_is_not_retried_under_its_old_approval() throws Exception {
        Claim idempotent =
                SampleClaims.signed("acme", "retried", NOW).of(Kind.IDEMPOTENT).claim();
        Change.Retry retry = new Change.Retry(idempotent.nonceKey(), idempotent.token(), 1, Meta.randomId(), null);
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
            write(store, insert(idempotent));
        }
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        try (SqliteStore store = SqliteStore.at(file)) { // in the time that is lost it may have been retried to its end
            store.open(true, CLOCK);
            assertThat(write(store, retry).verdict()).isEqualTo(Verdict.APPLIED);
        }
        restoreTheCopy();

        SqliteStore.acceptRestored(file, InstantSource.fixed(LATER), Map.of());

        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
            assertThat(write(store, retry).verdict()).isEqualTo(Verdict.BEFORE_ISSUE_FLOOR);
        }
    }

    @Test
    void another_ledger_in_its_place_is_accepted_in_the_same_way() throws Exception {
        Path other = folder.resolve("other.db");
        try (SqliteStore store = SqliteStore.at(other)) {
            store.open(true, CLOCK);
        }
        Files.copy(other, file, StandardCopyOption.REPLACE_EXISTING);
        assertThat(status().head()).isEqualTo(Head.OF_ANOTHER_LEDGER);

        SqliteStore.acceptRestored(file, InstantSource.fixed(LATER), Map.of());

        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
            assertThat(write(store, insert(forgotten)).verdict()).isEqualTo(Verdict.BEFORE_ISSUE_FLOOR);
        }
    }

    @Test
    void there_is_nothing_to_accept_unless_the_ledger_is_refused() throws Exception {
        byte[] before = Files.readAllBytes(file);
        assertThatThrownBy(() -> SqliteStore.acceptRestored(file, CLOCK, Map.of()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(Files.readAllBytes(file)).isEqualTo(before);

        restoreTheCopy();
        SqliteStore.acceptRestored(file, InstantSource.fixed(LATER), Map.of());
        assertThatThrownBy(() -> SqliteStore.acceptRestored(file, InstantSource.fixed(LATER), Map.of()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(status().generation()).isEqualTo(2);
    }

    @Test
    void it_is_refused_while_a_store_has_the_ledger_open() throws Exception {
        restoreTheCopy();
        BootLock open = BootLock.take(LedgerFile.at(file));
        assertNotAccepted(CLOCK, Reason.STORE_UNAVAILABLE);
        open.close();
        SqliteStore.acceptRestored(file, CLOCK, Map.of());
    }

    @Test
    void it_is_refused_by_a_clock_that_is_behind() throws Exception {
        restoreTheCopy();
        assertNotAccepted(InstantSource.fixed(NOW.minusSeconds(6)), Reason.CLOCK_UNSAFE);
        assertThat(status().head()).isEqualTo(Head.AHEAD);
    }

    @Test
    void the_floor_never_falls() throws Exception {
        restoreTheCopy();
        Sql.execute(
                file,
                "UPDATE oe_meta SET issue_floor = "
                        + NOW.plus(Duration.ofDays(9)).toEpochMilli());
        SqliteStore.acceptRestored(file, CLOCK, Map.of());
        assertThat(status().floors().issue()).isEqualTo(NOW.plus(Duration.ofDays(9)));
    }

    @Test
    void where_no_ledger_is_none_is_made() {
        Path missing = folder.resolve("missing.db");
        assertThatThrownBy(() -> SqliteStore.acceptRestored(missing, CLOCK, Map.of()))
                .isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> LedgerView.of(missing)).isInstanceOf(StoreException.class);
        assertThat(missing).doesNotExist();
    }

    private void restoreTheCopy() throws IOException {
        Files.copy(copy, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private void assertNotAccepted(InstantSource clock, Reason reason) {
        assertThatThrownBy(() -> SqliteStore.acceptRestored(file, clock, Map.of()))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(reason));
        assertThat(status().generation()).isEqualTo(1);
    }

    private Status status() {
        try (LedgerView view = LedgerView.of(file)) {
            return view.status();
        }
    }
}
