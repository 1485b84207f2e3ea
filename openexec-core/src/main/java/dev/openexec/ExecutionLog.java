package dev.openexec;

import dev.openexec.evidence.Evidence;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.ReceiptLog;
import dev.openexec.store.StoreException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The log of an executor's receipts: what strangers can check of it. Thread-safe. */
public final class ExecutionLog {

    private final ExecutionStore store;

    ExecutionLog(ExecutionStore store) {
        this.store = store;
    }

    /**
     * Asks the log: for its checkpoint, its key and its tiles.
     *
     * @param question is answered on a thread of the store, at one moment; it should be quick
     * @param <T> the answer's type
     * @return its answer, or what it throws, or a {@link StoreException}
     */
    public <T> CompletionStage<T> ask(Function<ReceiptLog, T> question) {
        return store.log(question);
    }

    /**
     * What a stranger can check of an execution, with a {@link dev.openexec.evidence.Verifier} and the log's key.
     *
     * @param executionId of an answer
     * @return its evidence as of now; empty if there is none. The stage may fail with a {@link StoreException}
     */
    public CompletionStage<Optional<Evidence>> evidence(UUID executionId) {
        // The row first: what its receipts speak of later is then missing at most, and contradicts nothing.
        return store.execution(executionId)
                .thenCompose(row -> row.isEmpty()
                        ? CompletableFuture.completedFuture(Optional.empty())
                        : store.log(log -> log.evidence(row.get())));
    }
}
