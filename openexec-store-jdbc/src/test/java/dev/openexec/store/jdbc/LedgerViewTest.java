package dev.openexec.store.jdbc;

import static dev.openexec.store.jdbc.TestStores.CLOCK;
import static dev.openexec.store.jdbc.TestStores.NOW;
import static dev.openexec.store.jdbc.TestStores.SUCCESS;
import static dev.openexec.store.jdbc.TestStores.claimed;
import static dev.openexec.store.jdbc.TestStores.end;
import static dev.openexec.store.jdbc.TestStores.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.store.Claim;
import dev.openexec.store.StoreException;
import dev.openexec.store.jdbc.LedgerView.Head;
import dev.openexec.store.jdbc.LedgerView.Life;
import dev.openexec.store.jdbc.LedgerView.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators see of a ledger. */
class LedgerViewTest {

    private @TempDir Path folder;

    @Test
    void a_ledger_is_seen_while_a_store_has_it_open() {
        Path file = folder.resolve("ledger.db");
        try (SqliteStore store = SqliteStore.at(file)) {
            String ledgerId = store.open(true, CLOCK).ledgerId();
            Claim running = claimed(store, "running");
            Claim done = claimed(store, "done");
            write(store, end(done, SUCCESS));

            try (LedgerView view = LedgerView.of(file)) {
                Status status = view.status();
                assertThat(status.ledgerId()).isEqualTo(ledgerId);
                assertThat(status.generation()).isEqualTo(1);
                assertThat(status.floors().signed()).isTrue();
                assertThat(status.floors().latestSignedClaim()).isEqualTo(NOW);
                assertThat(status.executions()).isEqualTo(Map.of("RUNNING", 1L, "SUCCEEDED", 1L));
                assertThat(status.boots()).hasSize(1).containsValue(Life.ALIVE);
                assertThat(status.head()).isEqualTo(Head.FITS);
                assertThat(status.databaseBytes()).isPositive();
                assertThat(view.executions(null, 10)).hasSize(2);
                assertThat(view.execution(running.executionId())).isPresent();
                assertThat(view.execution(UUID.randomUUID())).isEmpty();
            }
            claimed(store, "afterwards"); // looking has taken no lock away
        }
    }

    @Test
    void looking_writes_nothing() throws Exception {
        Path file = folder.resolve("ledger.db");
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
        }
        long commits = Sql.commits(file);
        byte[] before = Files.readAllBytes(file);
        try (LedgerView view = LedgerView.of(file)) {
            assertThat(view.status().commits()).isEqualTo(commits);
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void what_is_no_ledger_is_not_looked_at() throws Exception {
        Path file = folder.resolve("other.db");
        Sql.execute(file, "CREATE TABLE t (a)");
        assertThatThrownBy(() -> LedgerView.of(file)).isInstanceOf(StoreException.class);
    }
}
