package dev.openexec.store.jdbc;

import static dev.openexec.store.jdbc.TestStores.CLOCK;
import static dev.openexec.store.jdbc.TestStores.assertFails;
import static dev.openexec.store.jdbc.TestStores.assertRefused;
import static dev.openexec.store.jdbc.TestStores.claim;
import static dev.openexec.store.jdbc.TestStores.claimed;
import static dev.openexec.store.jdbc.TestStores.get;
import static dev.openexec.store.jdbc.TestStores.insert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.evidence.LogKey;
import dev.openexec.store.LogPosition;
import dev.openexec.store.Outcome;
import dev.openexec.store.StoreException.Reason;
import dev.openexec.store.Write;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollbackTest {

    private @TempDir Path folder;
    private Path file;
    private Path head;
    private Path copy;

    @BeforeEach
    void name() {
        file = folder.resolve("ledger.db");
        head = folder.resolve("ledger.db.head");
        copy = folder.resolve("copy.db");
    }

    @Test
    void an_older_copy_of_the_ledger_is_refused() throws Exception {
        run("n");
        Files.copy(file, copy);
        run("m");
        Files.copy(copy, file, StandardCopyOption.REPLACE_EXISTING);

        assertRefused(SqliteStore.at(file), Reason.LEDGER_ROLLBACK_DETECTED);
        assertThat(Files.readAllBytes(file)).isEqualTo(Files.readAllBytes(copy));
    }

    @Test
    void a_copy_that_lacks_nothing_is_welcome() throws Exception {
        run("n");
        Files.copy(file, copy);
        Files.copy(copy, file, StandardCopyOption.REPLACE_EXISTING);

        run("m");
        assertThat(Sql.number(file, "SELECT count(*) FROM oe_execution")).isEqualTo(2);
    }

    @Test
    void another_ledger_in_its_place_is_refused() throws Exception {
        run("n");
        Path other = folder.resolve("other.db");
        try (SqliteStore store = SqliteStore.at(other)) {
            store.open(true, CLOCK);
            for (int i = 0; i < 10; i++) {
                claimed(store, "n" + i); // further on than the first
            }
        }
        Files.copy(other, file, StandardCopyOption.REPLACE_EXISTING);

        assertRefused(SqliteStore.at(file), Reason.LEDGER_ROLLBACK_DETECTED);
    }

    @Test
    void a_ledger_that_is_gone_is_not_replaced_by_a_new_one() throws Exception {
        run("n");

        Files.delete(file);
        assertRefused(SqliteStore.at(file), Reason.LEDGER_ROLLBACK_DETECTED);
        assertThat(file).doesNotExist();

        Files.createFile(file);
        assertRefused(SqliteStore.at(file), Reason.LEDGER_ROLLBACK_DETECTED);
        assertThat(file).isEmptyFile();

        Sql.execute(file, "CREATE TABLE t (a)", "DROP TABLE t");
        assertRefused(SqliteStore.at(file), Reason.LEDGER_ROLLBACK_DETECTED);
    }

    @Test
    void a_missing_or_torn_head_is_written_anew() throws Exception {
        run("n");
        String good = Files.readString(head);

        for (String torn : new String[] {
            "", good.substring(0, 40), good.replace(" 0", " 1"), "\0".repeat(good.length()), good + good
        }) {
            Files.writeString(head, torn);
            run("n" + torn.length() + torn.hashCode());
            assertThat(HeadFile.read(head))
                    .hasValueSatisfying(h -> assertThat(h.commitSeq()).isEqualTo(commits()));
        }
        Files.delete(head);
        run("o");
        assertThat(HeadFile.read(head))
                .hasValueSatisfying(h -> assertThat(h.commitSeq()).isEqualTo(commits()));
    }

    @Test
    void the_head_is_written_before_the_answer() throws Exception {
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
            for (int i = 0; i < 20; i++) {
                long seen = get(store.write(insert(claim("n" + i))).thenApply(outcome -> headSeq()));
                assertThat(seen).isGreaterThanOrEqualTo(commits());
            }
        }
    }

    @Test
    void a_ledger_whose_head_cannot_be_written_does_not_open() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "There is no /dev/full here");
        Files.createSymbolicLink(head, full);

        assertRefused(SqliteStore.at(file), Reason.STORE_UNAVAILABLE);
    }

    @Test
    void a_head_that_can_no_longer_be_written_does_not_stop_the_ledger() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "There is no /dev/full here");
        run("n");
        LedgerFile ledger = LedgerFile.at(file);
        String ledgerId = HeadFile.read(head).orElseThrow().ledgerId();
        Sessions sessions = new Sessions(ConnectionSource.sqlite(), ledger, ledger.identity(), ledgerId);
        Writer writer = new Writer(
                sessions, sessions.writing(), BootLock.take(ledger), HeadFile.open(full), signer(ledger, ledgerId), 0);
        WriteRequest claim = new WriteRequest(insert(claim("m")), writer.bootId(), CLOCK);

        writer.work(List.of(claim));
        writer.end();

        assertThat(get(claim.stage())).isEqualTo(Outcome.applied(-1));
        run("o"); // the head is behind, and that is no alarm
    }

    private static LogSigner signer(LedgerFile ledger, String ledgerId) throws IOException {
        Ed25519SigningKey key = LogKeyFile.read(ledger.logKey()).orElseThrow();
        return new LogSigner(1, new LogKey(LogPosition.origin(ledgerId, 1), key));
    }

    @Test
    void a_ledger_that_is_deleted_or_replaced_while_it_is_open_takes_no_more_claims() throws Exception {
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
            claimed(store, "n");

            Files.move(file, copy);
            assertFails(store.write(insert(claim("m"))), Reason.STORE_UNAVAILABLE);
            assertThat(file).doesNotExist();
            Files.createFile(file);
            assertFails(store.write(new Write.Beat()), Reason.STORE_UNAVAILABLE);
            assertThat(file).isEmptyFile();

            Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
            claimed(store, "m");
        }
        assertThat(Sql.number(file, "SELECT count(*) FROM oe_execution")).isEqualTo(2);
    }

    @Test
    void an_older_ledger_under_a_running_store_is_noticed_when_the_connection_is_opened_anew() throws Exception {
        boolean[] broken = {false};
        Interposed sqlite = new Interposed().before("UPDATE main.oe_meta SET commit_seq", connection -> {
            if (broken[0]) {
                broken[0] = false;
                throw new java.sql.SQLException("broken");
            }
        });
        run("n");
        Files.copy(file, copy);
        try (SqliteStore store = new SqliteStore(file, sqlite)) {
            store.open(true, CLOCK);
            claimed(store, "m");
            sqlite.connectingBy(path -> Sql.connect(copy));
            broken[0] = true;

            assertFails(store.write(insert(claim("n"))), Reason.LEDGER_ROLLBACK_DETECTED);
            assertFails(store.write(insert(claim("m"))), Reason.LEDGER_ROLLBACK_DETECTED);
        }
    }

    @Test
    void another_ledger_under_a_running_store_is_noticed_when_the_connection_is_opened_anew() throws Exception {
        Path other = folder.resolve("other.db");
        try (SqliteStore store = SqliteStore.at(other)) {
            store.open(true, CLOCK);
            for (int i = 0; i < 10; i++) {
                claimed(store, "n" + i); // further on than the first
            }
        }
        Interposed sqlite = new Interposed();
        try (SqliteStore store = new SqliteStore(file, sqlite)) {
            store.open(true, CLOCK);
            sqlite.connectingBy(path -> Sql.connect(other)).before("BEGIN", connection -> {
                throw new java.sql.SQLException("broken");
            });

            assertFails(store.write(insert(claim("n"))), Reason.LEDGER_ROLLBACK_DETECTED);
            assertFails(store.find(claim("n").keys()), Reason.LEDGER_ROLLBACK_DETECTED);
        }
    }

    private void run(String nonce) {
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
            claimed(store, nonce);
        }
    }

    private long commits() {
        try {
            return Sql.commits(file);
        } catch (java.sql.SQLException e) {
            throw new AssertionError(e);
        }
    }

    private long headSeq() {
        try {
            return HeadFile.read(head).orElseThrow().commitSeq();
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }
}
