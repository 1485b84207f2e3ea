package dev.openexec;

import dev.openexec.Authorization.Authorized;
import dev.openexec.RefusedException.Reason;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.Leaf;
import dev.openexec.store.Receipts;
import dev.openexec.store.Write;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Puts refusals into the log: of a request with an approval whose signature is good, the first for each reason, before it is
 * answered; of all others how many there were. So that nobody can fill the disk by being refused, there are so many a day and
 * no more; what is beyond is counted too. A refusal is answered whether or not it can be logged.
 */
final class Refusals {

    /** Each has less than 1 KiB: with the counts, every minute one, less than 20 MB a day. */
    static final int MAX_RECEIPTS = 10_000;

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration PAUSE = Duration.ofMinutes(1);

    /** A reason that was given to the holder of an approval. */
    private record Given(String approvalId, Reason reason) {}

    private final ExecutionStore store;
    private final Receipts receipts;
    private final InstantSource clock;
    private final Set<Given> known = new HashSet<>();
    private final Map<String, Long> counts = new TreeMap<>();
    private long dayBegan = System.nanoTime();
    private long counted = dayBegan - PAUSE.toNanos();

    Refusals(ExecutionStore store, Receipts receipts, InstantSource clock) {
        this.store = store;
        this.receipts = receipts;
        this.clock = clock;
    }

    /** A request that was refused before anything was known of who had it approved. */
    void count(RefusedException refusal) {
        count(refusal.reason());
    }

    private synchronized void count(Reason reason) {
        counts.merge(reason.problem(), 1L, Long::sum);
    }

    /** The answer to an authorised request, after its receipt if it is refused. */
    CompletionStage<Execution> onRecord(Authorized authorized, Answering answering) {
        return begun(answering)
                .exceptionallyCompose(failure -> Failures.cause(failure) instanceof RefusedException refusal
                        ? refused(authorized, refusal)
                        : CompletableFuture.failedFuture(failure));
    }

    /** What may refuse before there is a stage, and after. */
    @FunctionalInterface
    interface Answering {
        CompletionStage<Execution> begin() throws RefusedException;
    }

    private static CompletionStage<Execution> begun(Answering answering) {
        try {
            return answering.begin();
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletionStage<Execution> refused(Authorized authorized, RefusedException refusal) {
        Optional<Given> given = authorized.approval().map(approval -> new Given(approval.id(), refusal.reason()));
        if (given.isEmpty() || !isFirst(given.get())) {
            count(refusal);
            return CompletableFuture.failedFuture(refusal);
        }
        return Stages.of(() -> store.write(new Write.Note(receipt(authorized, refusal))))
                .handle((logged, problem) -> {
                    if (problem != null) {
                        forget(given.get());
                        count(refusal);
                    }
                    return refusal;
                })
                .thenCompose(CompletableFuture::failedFuture);
    }

    /** The next one is the first. */
    private synchronized void forget(Given given) {
        known.remove(given);
    }

    private synchronized boolean isFirst(Given given) {
        long now = System.nanoTime();
        if (now - dayBegan > DAY.toNanos()) {
            known.clear();
            dayBegan = now;
        }
        return known.size() < MAX_RECEIPTS && known.add(given);
    }

    private Leaf receipt(Authorized authorized, RefusedException refusal) {
        return receipts.refusal(
                authorized.authority(),
                authorized.tenant(),
                authorized.approval().orElseThrow().id(),
                refusal.reason().problem(),
                refusal.rule(),
                clock.instant());
    }

    /** Logs what has been counted, each minute at most. */
    void flush() {
        if (System.nanoTime() - lastCounted() > PAUSE.toNanos()) {
            CompletableFuture<?> unused = flushNow().toCompletableFuture();
        }
    }

    private synchronized long lastCounted() {
        return counted;
    }

    /** Logs what has been counted. What cannot be logged is counted on. */
    CompletionStage<?> flushNow() {
        Map<String, Long> counts = take();
        if (counts.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        Map<String, String> details = new TreeMap<>();
        counts.forEach((reason, count) -> details.put(reason, Long.toString(count)));
        return Stages.of(() ->
                        store.write(new Write.Note(receipts.control("refusals-counted", clock.instant(), details))))
                .exceptionally(failure -> {
                    giveBack(counts);
                    return null;
                });
    }

    private synchronized Map<String, Long> take() {
        counted = System.nanoTime();
        Map<String, Long> taken = new TreeMap<>(counts);
        counts.clear();
        return taken;
    }

    private synchronized void giveBack(Map<String, Long> taken) {
        taken.forEach((reason, count) -> counts.merge(reason, count, Long::sum));
    }
}
