package dev.openexec.store.jdbc;

import dev.openexec.store.ExecutionStore;
import dev.openexec.testkit.ExecutionStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

class SqliteDataSourceContractTest extends ExecutionStoreContract {

    private @TempDir Path folder;
    private int ledgers;

    @Override
    protected ExecutionStore fresh() {
        ledgers++;
        return again();
    }

    @Override
    protected ExecutionStore again() {
        Path file = folder.resolve("ledger-" + ledgers + ".db");
        SQLiteDataSource dataSource = new SQLiteDataSource();
        dataSource.setUrl("jdbc:sqlite:" + file);
        return SqliteStore.at(file, dataSource).withTables("CREATE TABLE IF NOT EXISTS effects (name TEXT)");
    }
}
