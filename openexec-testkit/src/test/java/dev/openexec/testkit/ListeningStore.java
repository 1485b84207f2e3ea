package dev.openexec.testkit;

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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A ledger in memory that counts what was applied, and that can lose its acknowledgements or keep them back. */
final class ListeningStore implements ExecutionStore {

    private final ExecutionStore ledger = ExecutionStore.inMemory();
    private final AtomicInteger applied = new AtomicInteger();
    private final BlockingQueue<CompletableFuture<Void>> keptBack = new LinkedBlockingQueue<>();
    private volatile StoreException.@Nullable Reason silence;
    private volatile boolean keeping;
    private volatile Consumer<Write> listener = write -> {};

    /** From now on this is told of each write before it is done; what it throws is what becomes of the write. */
    void tell(Consumer<Write> listener) {
        this.listener = listener;
    }

    /** How many rows were inserted or ended. */
    int changes() {
        return applied.get();
    }

    /** From now on inserts are done and answered with this failure all the same. */
    void failInsertsAfterDoingThem(StoreException.Reason reason) {
        silence = reason;
    }

    /** From now on inserts and endings are done, and their answers are kept back. */
    void keepAnswersBack() {
        keeping = true;
    }

    /** Waits for the next answer that is kept back. Whoever completes it lets it go. */
    CompletableFuture<Void> nextKeptBack() throws InterruptedException {
        return keptBack.take();
    }

    /** Lets go of every answer that is kept back, and of those to come. */
    void letAnswersGo() {
        keeping = false;
        keptBack.forEach(answer -> answer.complete(null));
    }

    /** From now on every write is done and answered truly again. */
    void recover() {
        silence = null;
    }

    @Override
    public Opened open(boolean signed, InstantSource clock) {
        return ledger.open(signed, clock);
    }

    @Override
    public CompletionStage<Outcome> write(Write write) {
        listener.accept(write);
        StoreException.Reason reason = silence;
        CompletableFuture<Void> go = new CompletableFuture<>();
        if (keeping && !(write instanceof Write.Beat)) {
            keptBack.add(go);
        } else {
            go.complete(null);
        }
        return ledger.write(write).thenCombine(go, (outcome, gone) -> outcome).thenCompose(outcome -> {
            if (!(write instanceof Write.Beat || write instanceof Write.Note)
                    && outcome.verdict() == Outcome.Verdict.APPLIED) {
                applied.incrementAndGet();
            }
            return reason == null || !(write instanceof Write.Insert)
                    ? CompletableFuture.completedFuture(outcome)
                    : CompletableFuture.failedFuture(new StoreException(reason, "The answer is lost"));
        });
    }

    @Override
    public <T> CompletionStage<T> log(Function<ReceiptLog, T> question) {
        return ledger.log(question);
    }

    @Override
    public CompletionStage<Optional<StoredExecution>> find(List<Digest> keys) {
        return ledger.find(keys);
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
