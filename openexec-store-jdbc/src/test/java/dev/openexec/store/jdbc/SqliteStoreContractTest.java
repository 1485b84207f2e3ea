package dev.openexec.store.jdbc;

import dev.openexec.store.ExecutionStore;
import dev.openexec.testkit.ExecutionStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreContractTest extends ExecutionStoreContract {

    private @TempDir Path folder;
    private int ledgers;

    @Override
    protected ExecutionStore fresh() {
        ledgers++;
        return again();
    }

    @Override
    protected ExecutionStore again() {
        return SqliteStore.at(folder.resolve("ledger-" + ledgers + ".db"))
                .withTables("CREATE TABLE IF NOT EXISTS effects (name TEXT)");
    }
}
