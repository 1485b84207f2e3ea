package dev.openexec;

import dev.openexec.Admission.Admitted;
import dev.openexec.Authorization.Authorized;
import dev.openexec.InDoubtException.Doubt;
import dev.openexec.RefusedException.Reason;
import dev.openexec.action.ActionContext;
import dev.openexec.action.Kind;
import dev.openexec.store.Change;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.Outcome;
import dev.openexec.store.Outcome.Verdict;
import dev.openexec.store.Receipts;
import dev.openexec.store.StoreException;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import java.sql.Connection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What this executor holds in the ledger: each entry from the commit that made it to the one that ended it. */
final class Claims {

    private static final System.Logger LOG = System.getLogger(Claims.class.getName());

    private final ExecutionStore store;
    private final String ledgerId;
    private final Receipts receipts;
    private final InstantSource clock;
    private final Executor threads;
    private final Set<Entry> held = ConcurrentHashMap.newKeySet();
    private final Map<Entry, CompletableFuture<Void>> unanswered = new ConcurrentHashMap<>(); // the store is at them
    private volatile boolean givenUp;

    /** Its threads are for what follows a record; not those of a caller, who may still be in the action itself. */
    Claims(ExecutionStore store, String ledgerId, Receipts receipts, InstantSource clock, Threads threads) {
        this.store = store;
        this.ledgerId = ledgerId;
        this.receipts = receipts;
        this.clock = clock;
        this.threads = threads.continuations();
    }

    /** The permission to enter an action once: by whoever takes it first, or by nobody if it is abandoned before. */
    static final class Entry implements Begun {

        private enum State {
            OPEN,
            ENTERED,
            ABANDONED
        }

        private final Admitted admitted;
        private final Claim claim;
        private final int attempt;
        private final String ledgerId;
        private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
        private final CompletableFuture<Reason> withdrawn = new CompletableFuture<>();

        private Entry(Admitted admitted, Claim claim, int attempt, String ledgerId) {
            this.admitted = admitted;
            this.claim = claim;
            this.attempt = attempt;
            this.ledgerId = ledgerId;
        }

        Authorized request() {
            return admitted.authorized();
        }

        PreparedAction<?> action() {
            return admitted.action();
        }

        Claim claim() {
            return claim;
        }

        int attempt() {
            return attempt;
        }

        Kind kind() {
            return claim.kind();
        }

        UUID executionId() {
            return claim.executionId();
        }

        ActionContext context(InstantSource clock, Instant deadline, @Nullable Connection lent) {
            return new Context(ledgerId, claim, attempt, clock, deadline, lent);
        }

        /** Whether the action may be entered now. True once at most. */
        boolean enter() {
            return state.compareAndSet(State.OPEN, State.ENTERED);
        }

        /** Whether the action was not entered, and never will be. */
        boolean abandon() {
            return state.compareAndSet(State.OPEN, State.ABANDONED) || state.get() == State.ABANDONED;
        }

        /** Why, once the claim of an abandoned entry is taken back; or it fails with what is known of it instead. */
        CompletableFuture<Reason> withdrawn() {
            return withdrawn;
        }
    }

    /** The first entry of a claim that is not made yet. */
    Entry draft(Admitted admitted) {
        return new Entry(admitted, ClaimDraft.of(admitted, clock.instant()), 1, ledgerId);
    }

    /** The next entry of a claim whose owner died, not retried yet. */
    Entry draft(Admitted admitted, StoredExecution orphan) {
        Claim claim = orphan.claim().heldBy(Identifiers.random128());
        return new Entry(admitted, claim, orphan.attempt() + 1, ledgerId);
    }

    /** Makes the claim of a first entry, durably. If it is applied the entry is held. */
    CompletionStage<Outcome> make(Entry entry) {
        Claim claim = entry.claim();
        return hold(entry, new Write.Insert(claim, null, receipts.intent(claim, 1, claim.claimedAt())));
    }

    /** Retries the claim of a next entry, whose former owner is dead, durably. If it is applied the entry is held. */
    CompletionStage<Outcome> retry(Entry entry, StoredExecution orphan) {
        Claim left = orphan.claim();
        return hold(
                entry,
                new Change.Retry(
                        left.nonceKey(),
                        left.token(),
                        orphan.attempt(),
                        entry.claim().token(),
                        receipts.intent(entry.claim(), entry.attempt(), clock.instant())));
    }

    private CompletionStage<Outcome> hold(Entry entry, Write write) {
        CompletableFuture<Void> known = new CompletableFuture<>();
        unanswered.put(entry, known);
        if (givenUp) { // looked at with the claim in the map: giveUp() waits for it, or it is not made
            unanswered.remove(entry);
            known.complete(null);
            return CompletableFuture.failedFuture(new RefusedException(Reason.SHUTTING_DOWN));
        }
        return Stages.of(() -> store.write(write)).whenComplete((outcome, failure) -> {
            CompletionStage<?> unused = Stages.of(() -> answered(entry, outcome, failure))
                    .whenComplete((done, problem) -> {
                        unanswered.remove(entry);
                        known.complete(null);
                    });
        });
    }

    /** Holds what was claimed; completes at once, or when it is given up again. */
    private CompletableFuture<?> answered(Entry entry, @Nullable Outcome outcome, @Nullable Throwable failure) {
        if (outcome == null) {
            return Failures.isUnconfirmed(failure) && entry.abandon()
                    ? takeBack(entry, Reason.OVERLOADED, "claim-unconfirmed") // nobody is going to enter it
                    : CompletableFuture.completedFuture(null);
        }
        if (outcome.verdict() == Verdict.APPLIED) {
            held.add(entry);
            if (givenUp) { // looked at again with the entry in the set: giveUp() may have missed it
                return release(entry, "shutting-down", Reason.SHUTTING_DOWN);
            }
        }
        return CompletableFuture.completedFuture(null);
    }

    /**
     * Records how it ended, and answers once that is durable. The answer is made after the record: where there is no memory
     * for it, what happened is on record all the same.
     */
    CompletionStage<Execution> answer(Entry entry, Ending ending) {
        return end(entry, ending)
                .thenComposeAsync(
                        outcome -> outcome.verdict() == Verdict.APPLIED
                                ? Answer.first(entry.claim(), ending)
                                : doubt(Doubt.OUTCOME_INDETERMINATE, entry.claim()),
                        threads)
                .exceptionallyCompose(failure -> Failures.cause(failure) instanceof StoreException
                        ? doubt(Doubt.COMPLETION_PENDING, entry.claim())
                        : CompletableFuture.failedFuture(failure));
    }

    /** What does not fit the row any more is not dropped in silence. */
    private CompletableFuture<Outcome> end(Entry entry, Ending ending) {
        Claim claim = entry.claim();
        int attempt = entry.attempt();
        return Stages.of(() -> store.write(new Change.End(
                        claim.nonceKey(), claim.token(), attempt, ending, receipts.outcome(claim, attempt, ending))))
                .whenComplete((outcome, failure) -> {
                    held.remove(entry);
                    if (outcome != null && outcome.verdict() != Verdict.APPLIED && ending.isKnown()) {
                        Failures.warn(
                                LOG,
                                "Late: attempt {0} of execution {1} ended as {2}, which its row no longer takes",
                                entry.attempt(),
                                entry.executionId(),
                                ending.state());
                    }
                })
                .toCompletableFuture();
    }

    /** Gives up what is held and what is being claimed: what was not entered is taken back or left, the rest is unknown. */
    CompletionStage<Void> giveUp(String code) {
        givenUp = true;
        CompletableFuture<?> claiming =
                CompletableFuture.allOf(unanswered.values().toArray(CompletableFuture<?>[]::new));
        return CompletableFuture.allOf(Stream.concat(
                        Stream.of(claiming), held.stream().map(entry -> release(entry, code, Reason.SHUTTING_DOWN)))
                .toArray(CompletableFuture<?>[]::new));
    }

    private CompletableFuture<?> release(Entry entry, String code, Reason reason) {
        if (!entry.abandon()) {
            return end(entry, unknown(code));
        }
        return entry.attempt() == 1 ? withdraw(entry, reason) : leave(entry);
    }

    /**
     * Has an abandoned entry end as if it had never been; see {@link Entry#withdrawn}. Of a later attempt nobody knows what the
     * ones before it did.
     */
    CompletableFuture<?> takeBack(Entry entry, Reason reason, String code) {
        if (entry.attempt() == 1) {
            return withdraw(entry, reason);
        }
        return end(entry, unknown(code))
                .whenComplete((outcome, failure) ->
                        entry.withdrawn().completeExceptionally(inDoubt(Doubt.OUTCOME_INDETERMINATE, entry.claim())));
    }

    /** Offers what came of a run that was given up before. */
    void late(Entry entry, Ending ending) {
        CompletableFuture<?> unused = end(entry, ending).exceptionally(failure -> {
            Failures.warn(
                    LOG,
                    "Late: attempt {0} of execution {1} ended as {2}, which could not be written yet",
                    entry.attempt(),
                    entry.executionId(),
                    ending.state());
            return null;
        });
    }

    /** Nothing has happened: as if the claim had never been made. */
    private CompletableFuture<?> withdraw(Entry entry, Reason reason) {
        Claim claim = entry.claim();
        return Stages.of(() -> store.write(new Change.Withdraw(
                        claim.nonceKey(), claim.token(), receipts.withdrawal(claim, clock.instant()))))
                .whenComplete((outcome, failure) -> {
                    held.remove(entry);
                    if (outcome != null && outcome.verdict() == Verdict.APPLIED) {
                        entry.withdrawn().complete(reason);
                    } else {
                        entry.withdrawn().completeExceptionally(inDoubt(Doubt.COMPLETION_PENDING, claim));
                    }
                })
                .toCompletableFuture();
    }

    /** Something may have happened, and another process can try again. */
    private CompletableFuture<?> leave(Entry entry) {
        held.remove(entry);
        entry.withdrawn().completeExceptionally(inDoubt(Doubt.EXECUTION_IN_PROGRESS, entry.claim()));
        return CompletableFuture.completedFuture(null);
    }

    private Ending unknown(String code) {
        return Ending.indeterminate(clock.instant(), code);
    }

    private static <T> CompletionStage<T> doubt(Doubt doubt, Claim claim) {
        return CompletableFuture.failedFuture(inDoubt(doubt, claim));
    }

    private static InDoubtException inDoubt(Doubt doubt, Claim claim) {
        return new InDoubtException(doubt, Optional.of(claim.executionId()));
    }
}
