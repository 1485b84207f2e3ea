package dev.openexec.examples.journal;

import dev.openexec.store.ExecutionStore;
import dev.openexec.testkit.ExecutionStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class JournalStoreContractTest extends ExecutionStoreContract {

    @TempDir
    Path folder;

    private int ledgers;

    @Override
    protected ExecutionStore fresh() {
        ledgers++;
        return again();
    }

    @Override
    protected ExecutionStore again() {
        return new JournalStore(folder.resolve("ledger-" + ledgers + ".journal"));
    }
}
