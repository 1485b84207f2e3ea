package dev.openexec;

import dev.openexec.InDoubtException.Doubt;
import dev.openexec.json.Digest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets duplicates inside this process wait for the first. Who finds one of its keys at work waits for that work to end
 * and then goes its own way, which usually finds the row and replays it. Only a courtesy: that nothing runs twice rests
 * on the ledger alone.
 */
final class InFlight {

    private final Map<Digest, CompletableFuture<Void>> atWork = new ConcurrentHashMap<>();

    /** Does the work at once, or as soon as nobody who came first is at work on one of the keys. */
    <T> CompletionStage<T> afterFirst(List<Digest> keys, Attempt attempt, Supplier<CompletionStage<T>> work) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        Optional<CompletableFuture<Void>> first = enter(keys, mine);
        if (first.isPresent()) {
            return waitFor(first.get(), attempt)
                    .thenComposeAsync(over -> work.get(), attempt.threads().continuations());
        }
        try {
            return work.get().whenComplete((answer, failure) -> leave(keys, mine));
        } catch (RuntimeException | Error e) {
            leave(keys, mine);
            throw e;
        }
    }

    /** Takes all keys, or none and answers with whose work is in the way. */
    private Optional<CompletableFuture<Void>> enter(List<Digest> keys, CompletableFuture<Void> mine) {
        for (Digest key : keys) {
            CompletableFuture<Void> other = atWork.putIfAbsent(key, mine);
            if (other != null) {
                leave(keys, mine);
                return Optional.of(other);
            }
        }
        return Optional.empty();
    }

    private void leave(List<Digest> keys, CompletableFuture<Void> mine) {
        keys.forEach(key -> atWork.remove(key, mine));
        mine.complete(null);
    }

    private static CompletionStage<Void> waitFor(CompletableFuture<Void> other, Attempt attempt) {
        return other.copy()
                .orTimeout(attempt.nanosToWait(), TimeUnit.NANOSECONDS)
                .exceptionallyCompose(timeout -> CompletableFuture.failedFuture(
                        new InDoubtException(Doubt.EXECUTION_IN_PROGRESS, Optional.empty())));
    }
}
