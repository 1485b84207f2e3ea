package dev.openexec.store.jdbc;

import static dev.openexec.store.jdbc.TestStores.CLOCK;
import static dev.openexec.store.jdbc.TestStores.SUCCESS;
import static dev.openexec.store.jdbc.TestStores.assertFails;
import static dev.openexec.store.jdbc.TestStores.claimed;
import static dev.openexec.store.jdbc.TestStores.end;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.store.Claim;
import dev.openexec.store.StoreException.Reason;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerLogTest extends Handler {

    private @TempDir Path folder;
    private final Logger logger = Logger.getLogger("dev.openexec.store.jdbc");
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @BeforeEach
    void listen() {
        logger.addHandler(this);
    }

    @AfterEach
    @Override
    public void close() {
        logger.removeHandler(this);
    }

    @Test
    void what_cannot_be_written_is_logged_without_sqlite_s_words() {
        Interposed sqlite = new Interposed();
        try (SqliteStore store = new SqliteStore(folder.resolve("ledger.db"), sqlite)) {
            store.open(true, CLOCK);
            Claim running = claimed(store, "n");
            sqlite.before("BEGIN IMMEDIATE", connection -> {
                throw new SQLException("UPDATE oe_execution SET result = 'secret'");
            });

            assertFails(store.write(end(running, SUCCESS)), Reason.STORE_UNAVAILABLE);

            assertThat(String.join("", lines))
                    .contains("An ending cannot be written now", "SQLException")
                    .doesNotContain("secret", "UPDATE");
        }
    }

    @Override
    public void publish(LogRecord event) {
        lines.add(new SimpleFormatter().format(event));
    }

    @Override
    public void flush() {}
}
