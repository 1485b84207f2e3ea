package dev.openexec.testkit;

import dev.openexec.store.ExecutionStore;

class InMemoryStoreTest extends ExecutionStoreContract {

    @Override
    protected ExecutionStore fresh() {
        return ExecutionStore.inMemory();
    }

    @Override
    protected ExecutionStore again() {
        return ExecutionStore.inMemory();
    }
}
