package dev.openexec.store.jdbc;

import static dev.openexec.store.jdbc.TestStores.CLOCK;
import static dev.openexec.store.jdbc.TestStores.SUCCESS;
import static dev.openexec.store.jdbc.TestStores.assertFails;
import static dev.openexec.store.jdbc.TestStores.claimed;
import static dev.openexec.store.jdbc.TestStores.end;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.store.Claim;
import dev.openexec.store.StoreException.Reason;
import dev.openexec.testkit.CapturedLog;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerLogTest {

    @Test
    void what_cannot_be_written_is_logged_without_sqlite_s_words(@TempDir Path folder) {
        Interposed sqlite = new Interposed();
        try (CapturedLog log = CapturedLog.open();
                SqliteStore store = new SqliteStore(folder.resolve("ledger.db"), sqlite)) {
            store.open(true, CLOCK);
            Claim running = claimed(store, "n");
            sqlite.before("BEGIN IMMEDIATE", connection -> {
                throw new SQLException("UPDATE oe_execution SET result = 'secret'");
            });

            assertFails(store.write(end(running, SUCCESS)), Reason.STORE_UNAVAILABLE);

            assertThat(String.join("\n", log.events()))
                    .contains("An ending cannot be written now", "SQLException")
                    .doesNotContain("secret", "UPDATE");
        }
    }
}
