package dev.openexec;

import dev.openexec.action.Kind;
import dev.openexec.store.Change;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.ExecutionStore.Orphan;
import dev.openexec.store.Receipts;
import dev.openexec.store.StoredExecution;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Settles what dead processes left running: an IDEMPOTENT action is entered again, of any other nobody knows how it ended.
 * Safety does not rest on it: a row that stays running is not entered either.
 */
final class Recovery {

    private static final System.Logger LOG = System.getLogger(Recovery.class.getName());

    /** Nobody able to retry it has come along for so long: then nobody will. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final int PAGE = 500;

    private final ExecutionStore store;
    private final Receipts receipts;
    private final InstantSource clock;
    private final Function<StoredExecution, CompletionStage<Retry.Result>> retry;
    private final Executor threads;
    private volatile Map<String, Instant> waiting = Map.of(); // for somebody who is able: since when, by token
    private final AtomicReference<@Nullable CompletableFuture<Void>> atWork = new AtomicReference<>();

    Recovery(
            ExecutionStore store,
            Receipts receipts,
            InstantSource clock,
            Function<StoredExecution, CompletionStage<Retry.Result>> retry,
            Executor threads) {
        this.store = store;
        this.receipts = receipts;
        this.clock = clock;
        this.retry = retry;
        this.threads = threads;
    }

    /**
     * Completes when every orphan that was known at its beginning has been settled or left to others. Who asks while it is
     * at work shares it.
     */
    CompletionStage<Void> recover() {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> other = atWork.compareAndExchange(null, mine);
        if (other != null) {
            return other;
        }
        Map<String, Instant> stillWaiting = new ConcurrentHashMap<>();
        return Stages.of(() -> from(null, stillWaiting)).whenComplete((done, failure) -> {
            waiting = stillWaiting;
            atWork.set(null);
            mine.complete(null);
        });
    }

    private CompletionStage<Void> from(@Nullable UUID last, Map<String, Instant> stillWaiting) {
        return store.orphans(last, PAGE)
                .thenComposeAsync(
                        page -> {
                            CompletableFuture<Void> settled = CompletableFuture.allOf(page.stream()
                                    .map(orphan -> settle(orphan, stillWaiting))
                                    .toArray(CompletableFuture<?>[]::new));
                            return page.size() < PAGE
                                    ? settled
                                    : settled.thenCompose(done -> from(last(page), stillWaiting));
                        },
                        threads);
    }

    private static UUID last(List<Orphan> page) {
        return page.get(page.size() - 1).row().claim().executionId();
    }

    private CompletableFuture<?> settle(Orphan orphan, Map<String, Instant> stillWaiting) {
        StoredExecution row = orphan.row();
        boolean again = orphan.ownerIsDead()
                && row.claim().kind() == Kind.IDEMPOTENT
                && row.attempt() < Change.Retry.MAX_ATTEMPTS;
        if (!again) {
            return giveUp(row);
        }
        return retry.apply(row)
                .thenCompose(result -> settled(row, result, stillWaiting))
                .toCompletableFuture();
    }

    private CompletionStage<?> settled(StoredExecution row, Retry.Result result, Map<String, Instant> stillWaiting) {
        return switch (result) {
            case TAKEN -> CompletableFuture.completedFuture(null);
            case TOO_LATE -> giveUp(row);
            case UNABLE -> await(row, stillWaiting);
        };
    }

    /** Another process may be able to, sooner or later. */
    private CompletableFuture<?> await(StoredExecution row, Map<String, Instant> stillWaiting) {
        String token = row.claim().token();
        Instant now = clock.instant();
        Instant since = waiting.getOrDefault(token, now);
        if (!now.isBefore(since.plus(PATIENCE))) {
            return giveUp(row);
        }
        if (!waiting.containsKey(token)) { // else it was told before
            Failures.warn(
                    LOG,
                    "Execution {0} cannot be retried here (another action or code than was claimed, no valid approval, no"
                            + " room) and is left to others for {1} minutes",
                    row.claim().executionId(),
                    PATIENCE.toMinutes());
        }
        stillWaiting.put(token, since);
        return CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<?> giveUp(StoredExecution row) {
        Claim claim = row.claim();
        Ending unknown = Ending.indeterminate(clock.instant(), "owner-died");
        return store.write(new Change.End(
                        claim.nonceKey(),
                        claim.token(),
                        row.attempt(),
                        unknown,
                        receipts.outcome(claim, row.attempt(), unknown)))
                .toCompletableFuture();
    }
}
