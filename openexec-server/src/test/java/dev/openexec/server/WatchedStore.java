package dev.openexec.server;

import dev.openexec.json.Digest;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.Outcome;
import dev.openexec.store.ReceiptLog;
import dev.openexec.store.StoreException;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A ledger that counts its changes, and can be broken. */
final class WatchedStore implements ExecutionStore {

    private final ExecutionStore ledger = ExecutionStore.inMemory();
    private final AtomicInteger changes = new AtomicInteger();
    private volatile boolean unforeseen;
    private volatile Predicate<Write> broken = write -> false;
    private volatile StoreException.Reason reason = StoreException.Reason.STORE_UNAVAILABLE;

    /** From now on these writes fail for this reason. */
    void breakWrites(Predicate<Write> writes, StoreException.Reason with) {
        reason = with;
        broken = writes;
    }

    /** From now on reads fail in a way that no store should. */
    void breakReads() {
        unforeseen = true;
    }

    /** How many times a row was inserted or ended. */
    int changes() {
        return changes.get();
    }

    @Override
    public Opened open(boolean signed, InstantSource clock) {
        return ledger.open(signed, clock);
    }

    @Override
    public CompletionStage<Outcome> write(Write write) {
        if (broken.test(write)) {
            return CompletableFuture.failedFuture(new StoreException(reason, "SELECT secret FROM somewhere"));
        }
        return ledger.write(write).thenApply(outcome -> {
            if (outcome.verdict() == Outcome.Verdict.APPLIED
                    && !(write instanceof Write.Beat || write instanceof Write.Note)) {
                changes.incrementAndGet();
            }
            return outcome;
        });
    }

    @Override
    public <T> CompletionStage<T> log(Function<ReceiptLog, T> question) {
        return ledger.log(question);
    }

    @Override
    public CompletionStage<Optional<StoredExecution>> find(List<Digest> keys) {
        return unforeseen
                ? CompletableFuture.failedFuture(
                        new IllegalStateException("SELECT secret", new ArithmeticException("SELECT secret")))
                : ledger.find(keys);
    }

    @Override
    public CompletionStage<List<Orphan>> orphans(@Nullable UUID after, int limit) {
        return ledger.orphans(after, limit);
    }

    @Override
    public CompletionStage<Optional<StoredExecution>> execution(UUID executionId) {
        return ledger.execution(executionId);
    }

    @Override
    public CompletionStage<List<StoredExecution>> executions(@Nullable UUID after, int limit) {
        return ledger.executions(after, limit);
    }

    @Override
    public void close() {
        ledger.close();
    }
}
