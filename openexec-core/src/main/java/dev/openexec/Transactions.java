package dev.openexec;

import dev.openexec.Claims.Entry;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.Leaf;
import dev.openexec.store.Outcome;
import dev.openexec.store.Receipts;
import java.sql.Connection;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Runs TRANSACTIONAL actions, each inside the transaction that claims it and ends it. */
final class Transactions {

    private final ExecutionStore store;
    private final Receipts receipts;
    private final Runner runner;
    private final Duration budget;
    private final Set<Thread> inside = ConcurrentHashMap.newKeySet();

    Transactions(ExecutionStore store, Receipts receipts, Runner runner, Duration budget) {
        this.store = store;
        this.receipts = receipts;
        this.runner = runner;
        this.budget = budget;
    }

    /** The ledger waits for whoever is inside, so that who is inside cannot wait for the ledger. */
    void requireOutside() {
        if (inside.contains(Thread.currentThread())) {
            throw new IllegalStateException("A TRANSACTIONAL action cannot have anything executed while it runs");
        }
    }

    /**
     * Completes with what became of it, once that is durable. The action may go on after that, if it took longer than its
     * budget: the call runs it until it has returned. Its thread is taken before the transaction begins, so that no
     * transaction waits for a thread.
     */
    CompletionStage<Outcome> run(Entry entry, Call call) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        CompletableFuture<Void> returned = CompletableFuture.runAsync(
                () -> onThisThread(entry, call.observation(), outcome),
                call.threads().actions());
        call.runs(entry.executionId(), returned);
        return outcome;
    }

    private void onThisThread(Entry entry, Observation observation, CompletableFuture<Outcome> outcome) {
        CallerThread thread = new CallerThread();
        CompletableFuture<?> unused = Stages.of(
                        () -> store.transact(entry.claim(), budget, thread, new Work(entry, observation)))
                .whenComplete((done, failure) -> {
                    if (failure == null) {
                        outcome.complete(done);
                    } else {
                        outcome.completeExceptionally(failure);
                    }
                })
                .toCompletableFuture();
        thread.runUntilDone(outcome);
    }

    /** The action, and the receipt of what became of it. */
    private final class Work implements ExecutionStore.Work {

        private final Entry entry;
        private final Observation observation;

        private Work(Entry entry, Observation observation) {
            this.entry = entry;
            this.observation = observation;
        }

        @Override
        public Ending in(Connection connection) {
            long due = System.nanoTime() + budget.toNanos();
            inside.add(Thread.currentThread());
            try {
                return runner.inside(entry, observation, due, connection);
            } finally {
                inside.remove(Thread.currentThread());
            }
        }

        @Override
        public Leaf receipt(Ending ending) {
            return receipts.outcome(entry.claim(), 1, ending);
        }
    }
}
