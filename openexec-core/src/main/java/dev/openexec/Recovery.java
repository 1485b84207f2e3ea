package dev.openexec;

import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Ends what dead processes left running: nobody knows how it ended, and it never runs again. Safety does not
 * rest on it: a row that stays running is not entered either.
 */
final class Recovery {

    private static final int BATCH = 500;

    private final ExecutionStore store;
    private final InstantSource clock;
    private final AtomicReference<@Nullable CompletableFuture<Void>> atWork = new AtomicReference<>();

    Recovery(ExecutionStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Completes when no orphan is left that was known at its beginning. Who asks while it is at work shares it. */
    CompletionStage<Void> recover() {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> other = atWork.compareAndExchange(null, mine);
        if (other != null) {
            return other;
        }
        return pass().whenComplete((done, failure) -> {
            atWork.set(null);
            mine.complete(null);
        });
    }

    private CompletionStage<Void> pass() {
        return store.orphans(BATCH).thenCompose(orphans -> {
            CompletableFuture<?>[] endings = orphans.stream().map(this::end).toArray(CompletableFuture<?>[]::new);
            CompletableFuture<Void> ended = CompletableFuture.allOf(endings);
            return orphans.size() < BATCH ? ended : ended.thenCompose(done -> pass());
        });
    }

    private CompletableFuture<?> end(StoredExecution orphan) {
        Claim claim = orphan.claim();
        Ending unknown = Ending.indeterminate(clock.instant(), "owner-died");
        return store.write(new Write.End(claim.nonceKey(), claim.token(), orphan.attempt(), unknown, null))
                .toCompletableFuture();
    }
}
