package dev.openexec;

import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Ends what dead processes left running (edge T5): nobody knows how it ended, and it never runs again. Safety does not
 * rest on it: a row that stays running is not entered either.
 */
final class Recovery {

    private static final int BATCH = 500;

    private final ExecutionStore store;
    private final InstantSource clock;

    Recovery(ExecutionStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Completes when no orphan is left that was known at its beginning. */
    CompletionStage<Void> recover() {
        return store.orphans(BATCH).thenCompose(orphans -> {
            CompletableFuture<?>[] endings = orphans.stream().map(this::end).toArray(CompletableFuture<?>[]::new);
            CompletableFuture<Void> ended = CompletableFuture.allOf(endings);
            return orphans.size() < BATCH ? ended : ended.thenCompose(done -> recover());
        });
    }

    private CompletableFuture<?> end(StoredExecution orphan) {
        Claim claim = orphan.claim();
        Ending unknown = Ending.indeterminate(clock.instant().truncatedTo(ChronoUnit.MILLIS), "owner-died");
        return store.write(new Write.End(claim.nonceKey(), claim.token(), orphan.attempt(), unknown, null))
                .toCompletableFuture();
    }
}
