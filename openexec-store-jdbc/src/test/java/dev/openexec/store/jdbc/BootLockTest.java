package dev.openexec.store.jdbc;

import static dev.openexec.store.jdbc.TestStores.CLOCK;
import static dev.openexec.store.jdbc.TestStores.claimed;
import static dev.openexec.store.jdbc.TestStores.orphans;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What lies where a boot file belongs proves nothing unless it is a file: it is not even opened. */
@Timeout(60)
class BootLockTest {

    private static final String NOBODY = "0".repeat(32);

    private @TempDir Path folder;

    @Test
    void a_link_to_the_file_of_a_living_boot_does_not_touch_its_lock() throws Exception {
        Path file = folder.toRealPath().resolve("ledger.db");
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(true, CLOCK);
            claimed(store, "n");
            LedgerFile ledger = LedgerFile.at(file);
            Path living = ledger.boot(ledger.boots().get(0));
            Path link = Files.createSymbolicLink(ledger.boot(NOBODY), living);

            assertThat(orphans(store)).isEmpty();
            assertThat(BootLock.probe(link)).isEqualTo(LedgerView.Life.UNKNOWN);
        }
    }

    @Test
    void a_pipe_keeps_nobody_waiting() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertThat(BootLock.probe(pipe)).isEqualTo(LedgerView.Life.UNKNOWN);
    }
}
