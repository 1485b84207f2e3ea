package dev.openexec.store.jdbc;

import static dev.openexec.store.jdbc.TestStores.CLOCK;
import static dev.openexec.store.jdbc.TestStores.claim;
import static dev.openexec.store.jdbc.TestStores.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.store.LogPosition;
import dev.openexec.store.ReceiptLog;
import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import dev.openexec.store.Write;
import dev.openexec.store.jdbc.LedgerView.Head;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A ledger whose log was touched while it was closed, or whose key is gone. */
class LogTamperingTest {

    private static final int RECEIPTS = 300; // one whole tile, and some

    private @TempDir Path folder;
    private Path file;
    private Path key;

    @BeforeEach
    void fill() {
        file = folder.resolve("ledger.db");
        key = folder.resolve("ledger.db.log-key");
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
            for (int i = 0; i < RECEIPTS; i++) {
                String text = "receipt " + i;
                get(store.write(new Write.Note(previous -> text)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE oe_receipt SET body = 'another' WHERE body = 'receipt 299'",
                "UPDATE oe_receipt SET body = 'another' WHERE body = 'receipt 256'",
                "DELETE FROM oe_receipt WHERE body = 'receipt 299'",
                "UPDATE oe_subtree SET root = zeroblob(32)",
                "DELETE FROM oe_subtree",
                "UPDATE oe_meta SET log_edge = zeroblob(length(log_edge))",
                "UPDATE oe_meta SET log_size = 256, log_edge = substr(log_edge, 1, 32)",
                "UPDATE oe_meta SET log_size = 0, log_edge = x''",
            })
    void a_log_that_was_changed_is_refused(String tampering) throws Exception {
        Sql.execute(file, tampering);

        assertRefused();
        assertThat(head()).isEqualTo(Head.LOG_CHANGED);
    }

    @Test
    void a_log_that_was_cut_back_as_a_whole_is_refused() throws Exception {
        String edge = Sql.texts(file, "SELECT hex(root) FROM oe_subtree").get(0);
        Sql.execute(
                file,
                "DELETE FROM oe_receipt WHERE position % 1024 >= 256", // the last bits of a number are those of the
                // index
                "UPDATE oe_meta SET log_size = 256, log_edge = x'" + edge + "'");

        assertRefused();
        assertThat(head()).isEqualTo(Head.LOG_CHANGED);
    }

    @Test
    void a_ledger_without_its_key_is_refused() throws Exception {
        Files.delete(key);

        assertRefused();
        assertThat(head()).isEqualTo(Head.LOG_KEY_LOST);
        assertThat(key).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "openexec-log-key-1 ", "openexec-log-key-1 AAAA", "openexec-log-key-1 !"})
    void a_torn_key_is_none(String torn) throws Exception {
        Files.writeString(key, torn);

        assertRefused();
        assertThat(Files.readString(key)).isEqualTo(torn);
    }

    @Test
    void the_key_of_another_ledger_is_refused() throws Exception {
        Path other = folder.resolve("other.db");
        try (SqliteStore store = SqliteStore.at(other)) {
            store.open(true, CLOCK);
        }
        Files.copy(folder.resolve("other.db.log-key"), key, StandardCopyOption.REPLACE_EXISTING);

        assertRefused();
        assertThat(head()).isEqualTo(Head.LOG_KEY_LOST);
    }

    @Test
    void what_is_accepted_goes_on_in_a_log_of_its_own_with_a_key_of_its_own() throws Exception {
        String formerKey = verifierKey(1);
        Files.delete(key);

        SqliteStore.acceptRestored(file, CLOCK, Map.of("actor", "ada"));

        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
            get(store.write(new Write.Note(previous -> "next")));
            List<String> receipts = get(store.log(log -> log.receipts(new LogPosition(log.current(), 0), 2)));
            long current = get(store.log(ReceiptLog::current));

            assertThat(current).isEqualTo(2);
            assertThat(receipts.get(0))
                    .contains("\"status\":\"restored\"", "\"actor\":\"ada\"", "\"formerly\":\"openexec.dev/ledger/");
            assertThat(receipts.get(1)).isEqualTo("next");
        }
        assertThat(verifierKey(1)).isEqualTo(formerKey);
        assertThat(verifierKey(2)).isNotEqualTo(formerKey);
        try (LedgerView view = LedgerView.of(file)) {
            long kept = view.log(log -> log.head(1).size());
            assertThat(kept).isEqualTo(RECEIPTS);
        }
    }

    /** Else the two would be two histories of one log. */
    @Test
    void a_copy_that_is_restored_twice_goes_on_in_another_log_each_time() throws Exception {
        Path copy = Files.copy(file, folder.resolve("copy.db"));
        for (long log = 2; log <= 4; log++) {
            try (SqliteStore store = SqliteStore.at(file)) {
                store.open(true, CLOCK);
                get(store.write(new Write.Note(previous -> "what the copy does not have")));
            }
            Files.copy(copy, file, StandardCopyOption.REPLACE_EXISTING);
            SqliteStore.acceptRestored(file, CLOCK, Map.of());

            assertThat(verifierKey(log)).contains("/" + log + "+");
        }
    }

    @Test
    void a_claim_is_not_made_in_a_log_that_somebody_cuts_back_while_it_is_open() throws Exception {
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
            Sql.execute(file, "UPDATE oe_meta SET log_size = 299");

            assertThatThrownBy(() -> get(store.write(new Write.Insert(claim("n"), null, previous -> "intent"))))
                    .isInstanceOf(StoreException.class);
        }
    }

    private String verifierKey(long log) {
        try (LedgerView view = LedgerView.of(file)) {
            return view.log(logs -> logs.head(log).key());
        }
    }

    private Head head() {
        try (LedgerView view = LedgerView.of(file)) {
            return view.status().head();
        }
    }

    private void assertRefused() {
        try (SqliteStore store = SqliteStore.at(file)) {
            assertThatThrownBy(() -> store.open(true, CLOCK))
                    .isInstanceOfSatisfying(
                            StoreException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.LEDGER_ROLLBACK_DETECTED));
        }
    }
}
