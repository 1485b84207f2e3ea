package dev.openexec;

import dev.openexec.InDoubtException.Doubt;
import dev.openexec.Timer.Alarm;
import dev.openexec.json.Digest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Lets duplicates inside this process wait for the first. Who finds one of its keys at work waits for that work to end
 * and then goes its own way, which usually finds the row and replays it. Only a courtesy: that nothing runs twice rests
 * on the ledger alone.
 */
final class InFlight {

    private final WaitingRoom room;
    private final Timer timer;
    private final Map<Digest, Work> atWork = new ConcurrentHashMap<>();

    InFlight(WaitingRoom room, Timer timer) {
        this.room = room;
        this.timer = timer;
    }

    /** Somebody's work, and who waits for its end. */
    private static final class Work {

        private final Set<Waiter> waiting = ConcurrentHashMap.newKeySet();
        private volatile boolean over;

        private void announceTo(Waiter waiter) {
            waiting.add(waiter);
            if (over) { // looked at again with the waiter in the set: end() may have missed it
                waiter.wake();
            }
        }

        private void end() {
            over = true;
            waiting.forEach(Waiter::wake);
        }
    }

    /** One who waits until it is woken. */
    private static final class Waiter {

        private final CompletableFuture<Void> woken = new CompletableFuture<>();

        private void wake() {
            woken.complete(null);
        }
    }

    /** Does the work at once, or as soon as nobody who came first is at work on one of the keys. */
    <T> CompletionStage<T> afterFirst(List<Digest> keys, Call call, Supplier<CompletionStage<T>> work) {
        Work mine = new Work();
        for (Digest key : keys) {
            Work first = atWork.putIfAbsent(key, mine);
            if (first != null) {
                leave(keys, mine);
                return waitFor(first, key, call)
                        .thenComposeAsync(
                                over -> over ? work.get() : inProgress(),
                                call.threads().continuations());
            }
        }
        try {
            return work.get().whenComplete((answer, failure) -> leave(keys, mine));
        } catch (RuntimeException | Error e) {
            leave(keys, mine);
            throw e;
        }
    }

    private void leave(List<Digest> keys, Work mine) {
        keys.forEach(key -> atWork.remove(key, mine));
        mine.end();
    }

    /** Completes with whether that work is over. Whoever gives up leaves nothing behind. */
    private CompletionStage<Boolean> waitFor(Work first, Digest key, Call call) {
        long nanos = call.nanosToWait();
        if (nanos == 0 || !room.enter(key)) {
            return CompletableFuture.completedFuture(first.over);
        }
        Waiter waiter = new Waiter();
        Alarm alarm = timer.after(nanos, Runnable::run, waiter::wake);
        first.announceTo(waiter);
        return waiter.woken.thenApply(woken -> {
            alarm.cancel();
            first.waiting.remove(waiter);
            room.leave(key);
            return first.over;
        });
    }

    private static <T> CompletionStage<T> inProgress() {
        return CompletableFuture.failedFuture(new InDoubtException(Doubt.EXECUTION_IN_PROGRESS, Optional.empty()));
    }

    /** How many are waiting for the work under this key. */
    int waitingFor(Digest key) {
        Work work = atWork.get(key);
        return work == null ? 0 : work.waiting.size();
    }
}
