package dev.openexec.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.openexec.json.Digest;
import dev.openexec.store.Change;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.ExecutionStore.Floors;
import dev.openexec.store.ExecutionStore.Orphan;
import dev.openexec.store.Leaf;
import dev.openexec.store.Outcome;
import dev.openexec.store.Outcome.Verdict;
import dev.openexec.store.ReceiptLog;
import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** Stores under test, and short words for what is done with them. */
abstract class StoreFixture {

    /** When ledgers are opened here, unless a test says otherwise. */
    static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    static final String LOST_WITH_THE_PROCESS = "This ledger is lost with the process";
    static final String TENANT = "acme";
    static final int CALLERS = 32;
    static final int ROUNDS = 8;

    private final List<ExecutionStore> stores = new ArrayList<>();
    private boolean durable;

    abstract ExecutionStore fresh();

    abstract ExecutionStore again();

    /**
     * The clock by which ledgers are opened, unless a test is about time: it stands still. Overridden, it may move as it
     * likes, forwards and backwards, up to this time and not further behind it than {@link Floors#CLOCK_SLACK}.
     *
     * @param latest the time that it may not pass
     * @return a clock
     */
    protected InstantSource clock(Instant latest) {
        return InstantSource.fixed(latest);
    }

    @AfterEach
    void closeAll() {
        stores.forEach(ExecutionStore::close);
    }

    final ExecutionStore openFresh() {
        return open(fresh(), NOW);
    }

    final ExecutionStore openAgain() {
        return open(again(), NOW);
    }

    final ExecutionStore open(ExecutionStore store, Instant now) {
        durable = keep(store).open(false, clock(now)).durable();
        return store;
    }

    final ExecutionStore keep(ExecutionStore store) {
        stores.add(store);
        return store;
    }

    final void assumeDurable() {
        assumeTrue(durable, LOST_WITH_THE_PROCESS);
    }

    static Write.Insert insert(Claim claim) {
        return new Write.Insert(claim, null, null);
    }

    /** What is appended whatever came before it. */
    static Leaf leaf(String text) {
        return previous -> text;
    }

    static StoredExecution running(Claim claim) {
        return new StoredExecution(claim, 1, null);
    }

    /** A store that fails here has broken the sentence. */
    static Outcome write(ExecutionStore store, Write write) {
        try {
            return get(store.write(write));
        } catch (StoreException e) {
            throw new AssertionError("The store failed", e);
        }
    }

    static void endSuccessfully(ExecutionStore store, Claim claim) {
        assertApplied(
                write(store, new Change.End(claim.nonceKey(), claim.token(), 1, Ending.succeeded(NOW, "{}"), null)));
    }

    static Optional<StoredExecution> find(ExecutionStore store, List<Digest> keys) {
        return get(store.find(keys));
    }

    static List<StoredExecution> orphans(ExecutionStore store) {
        return orphansUpTo(store, 100);
    }

    static List<StoredExecution> orphansUpTo(ExecutionStore store, int limit) {
        return get(store.orphans(null, limit)).stream().map(Orphan::row).toList();
    }

    static void assertApplied(Outcome outcome) {
        assertThat(outcome.verdict()).isEqualTo(Verdict.APPLIED);
    }

    static void assertOneWon(List<Outcome> outcomes) {
        assertThat(outcomes.stream().filter(outcome -> outcome.verdict() == Verdict.APPLIED))
                .hasSize(1);
        assertThat(outcomes.stream().filter(outcome -> outcome.verdict() == Verdict.LOST))
                .hasSize(CALLERS - 1)
                .allMatch(outcome -> winner(outcomes).equals(claimOf(outcome.standing())));
    }

    /** The claim that every loser was shown. */
    static Claim winner(List<Outcome> outcomes) {
        return outcomes.stream()
                .map(outcome -> claimOf(outcome.standing()))
                .filter(claim -> claim != null)
                .findFirst()
                .orElseThrow();
    }

    static @Nullable Claim claimOf(@Nullable StoredExecution row) {
        return row == null ? null : row.claim();
    }

    static void assertEveryStageFails(ExecutionStore store) {
        assertUnavailable(() -> store.write(new Write.Beat()));
        assertUnavailable(() -> store.find(List.of(Digest.ofUtf8("key"))));
        assertUnavailable(() -> store.execution(UUID.randomUUID()));
        assertUnavailable(() -> store.executions(null, 1));
        assertUnavailable(() -> store.orphans(null, 1));
        assertUnavailable(() -> store.log(ReceiptLog::current));
    }

    static void assertUnavailable(Asked asked) {
        CompletionStage<?> stage = asked.ask(); // does not throw: the stage fails
        assertThatThrownBy(() -> get(stage))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.STORE_UNAVAILABLE));
    }

    interface Asked {
        CompletionStage<?> ask();
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }

    static List<Outcome> race(ExecutionStore store, IntFunction<Write> writes) throws InterruptedException {
        return race(caller -> write(store, writes.apply(caller)));
    }

    /** What each of many threads got that all began at the same time. */
    static <T> List<T> race(IntFunction<T> work) throws InterruptedException {
        CountDownLatch begin = new CountDownLatch(1);
        List<T> results = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = IntStream.range(0, CALLERS)
                .mapToObj(caller -> new Thread(() -> {
                    try {
                        begin.await();
                        results.add(work.apply(caller));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        begin.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        return List.copyOf(results);
    }
}
