package dev.openexec;

import dev.openexec.Admission.Admitted;
import dev.openexec.Authorization.Authorized;
import dev.openexec.InDoubtException.Doubt;
import dev.openexec.RefusedException.Reason;
import dev.openexec.Standing.Settled;
import dev.openexec.action.ActionContext;
import dev.openexec.action.Kind;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.Outcome;
import dev.openexec.store.StoreException;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** Stages 3 and 5: claims what is new, replays what is settled, and records how it ended. */
final class Ledger {

    private static final System.Logger LOG = System.getLogger(Ledger.class.getName());

    private final ExecutionStore store;
    private final ExecutionStore.Opened opened;
    private final InstantSource clock;
    private final Standing standing;
    private final Set<Entry> claimed = ConcurrentHashMap.newKeySet();
    private volatile boolean abandoned;

    Ledger(ExecutionStore store, ExecutionStore.Opened opened, InstantSource clock, Standing standing) {
        this.store = store;
        this.opened = opened;
        this.clock = clock;
        this.standing = standing;
    }

    /** The permission to enter an action once: by whoever takes it first, or by nobody if it is abandoned before. */
    static final class Entry implements Begun {

        private final Admitted admitted;
        private final Claim claim;
        private final String ledgerId;
        private final AtomicBoolean taken = new AtomicBoolean();

        private Entry(Admitted admitted, Claim claim, String ledgerId) {
            this.admitted = admitted;
            this.claim = claim;
            this.ledgerId = ledgerId;
        }

        private Authorized request() {
            return admitted.authorized();
        }

        PreparedAction<?> action() {
            return admitted.action();
        }

        Kind kind() {
            return claim.kind();
        }

        UUID executionId() {
            return claim.executionId();
        }

        ActionContext context(InstantSource clock, Instant deadline) {
            return new Context(ledgerId, claim, 1, clock, deadline);
        }

        /** Whether the action may be entered now. True once at most. */
        boolean enter() {
            return taken.compareAndSet(false, true);
        }

        /** After this the action will not be entered any more, unless it already was. */
        void abandon() {
            taken.set(true);
        }
    }

    /**
     * Looks the request up; what is new and not PURE is claimed, durably, before this completes. A PURE action is recorded
     * in one write with its ending instead: evaluated twice, it is recorded once.
     */
    CompletionStage<Begun> begin(Admitted admitted, Attempt attempt) {
        Authorized request = admitted.authorized();
        Claim claim = ClaimDraft.of(admitted, clock.instant());
        return store.find(claim.keys())
                .thenComposeAsync(
                        row -> row.isPresent()
                                ? standing.settle(request, row.get(), attempt).thenApply(Function.identity())
                                : enterable(new Entry(admitted, claim, opened.ledgerId()), attempt),
                        attempt.threads().continuations());
    }

    private CompletionStage<Begun> enterable(Entry entry, Attempt attempt) {
        try {
            Comparison.requireSpendable(entry.request(), clock.instant(), opened.issueFloor());
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
        return entry.kind() == Kind.PURE ? CompletableFuture.completedFuture(entry) : claim(entry, attempt);
    }

    private CompletionStage<Begun> claim(Entry entry, Attempt attempt) {
        attempt.observation().claiming();
        return store.write(new Write.Insert(entry.claim, null, null))
                .whenComplete((outcome, failure) -> endUnconfirmed(entry, failure))
                .thenComposeAsync(
                        outcome -> {
                            if (outcome.verdict() != Outcome.Verdict.APPLIED) {
                                return lost(entry, outcome, attempt).thenApply(Function.identity());
                            }
                            attempt.observation().claimed(entry.executionId());
                            claimed.add(entry);
                            if (abandoned) { // looked at again with the entry in the set: abandon() may have missed it
                                entry.abandon();
                            }
                            return CompletableFuture.completedFuture(entry);
                        },
                        attempt.threads().continuations());
    }

    /** A claim that may or may not be there must not stay running: nobody is going to enter it. */
    private void endUnconfirmed(Entry entry, Throwable failure) {
        boolean unconfirmed = Failures.cause(failure) instanceof StoreException e
                && e.reason() == StoreException.Reason.CLAIM_UNCONFIRMED;
        if (unconfirmed) {
            write(entry, Ending.indeterminate(clock.instant(), "claim-unconfirmed"));
        }
    }

    /** Records the ending and answers once it is durable. */
    CompletionStage<Execution> end(Entry entry, Ending ending, Attempt attempt) {
        CompletionStage<Execution> answer = Answer.of(entry.claim, ending, false); // not on the store's thread
        if (entry.kind() == Kind.PURE) {
            return store.write(new Write.Insert(entry.claim, ending, null))
                    .thenComposeAsync(
                            outcome -> outcome.verdict() == Outcome.Verdict.APPLIED
                                    ? answer
                                    : lost(entry, outcome, attempt).thenCompose(this::replay),
                            attempt.threads().continuations());
        }
        return write(entry, ending)
                .whenComplete((outcome, failure) -> claimed.remove(entry))
                .thenCompose(outcome -> outcome.verdict() == Outcome.Verdict.APPLIED
                        ? answer
                        : doubt(Doubt.OUTCOME_INDETERMINATE, entry.claim))
                .exceptionallyCompose(failure -> Failures.cause(failure) instanceof StoreException
                        ? doubt(Doubt.COMPLETION_PENDING, entry.claim)
                        : CompletableFuture.failedFuture(failure));
    }

    /** Offers what came of a run that was given up before. */
    void late(Entry entry, Ending ending) {
        CompletionStage<?> unused = write(entry, ending).exceptionally(failure -> {
            LOG.log(
                    Level.WARNING,
                    "Late: execution {0} ended as {1}, which could not be written",
                    entry.executionId(),
                    ending.state());
            return null;
        });
    }

    /** The original answer again. */
    CompletionStage<Execution> replay(Settled settled) {
        return Answer.of(settled.claim(), settled.ending(), true);
    }

    /** Gives up what was claimed here and has not ended. What was not entered yet will not be. */
    CompletionStage<Void> abandon(String code) {
        abandoned = true;
        return CompletableFuture.allOf(claimed.stream()
                .map(entry -> {
                    entry.abandon();
                    return write(entry, Ending.indeterminate(clock.instant(), code))
                            .toCompletableFuture();
                })
                .toArray(CompletableFuture<?>[]::new));
    }

    /** What does not fit the row any more is not dropped in silence. */
    private CompletionStage<Outcome> write(Entry entry, Ending ending) {
        return store.write(new Write.End(entry.claim.nonceKey(), entry.claim.token(), 1, ending, null))
                .whenComplete((outcome, failure) -> {
                    if (outcome != null && outcome.verdict() != Outcome.Verdict.APPLIED) {
                        LOG.log(
                                Level.WARNING,
                                "Late: execution {0} ended as {1}, which its row no longer takes",
                                entry.executionId(),
                                ending.state());
                    }
                });
    }

    private CompletionStage<Settled> lost(Entry entry, Outcome outcome, Attempt attempt) {
        return switch (outcome.verdict()) {
            case EXPIRED -> refused(Reason.APPROVAL_EXPIRED, "expired");
            case BEHIND_EXPIRY_FLOOR -> refused(Reason.APPROVAL_EXPIRED, "expiry-floor");
            case BEFORE_ISSUE_FLOOR -> refused(Reason.APPROVAL_BEFORE_LEDGER, "issue-floor");
            case SIGNED_LEDGER ->
                CompletableFuture.failedFuture(new StoreException(
                        StoreException.Reason.LEDGER_IS_SIGNED, "The ledger takes signed claims only"));
            case LOST, APPLIED -> {
                StoredExecution row = outcome.standing();
                yield row != null
                        ? standing.settle(entry.request(), row, attempt)
                        : CompletableFuture.failedFuture(new StoreException(
                                StoreException.Reason.STORE_UNAVAILABLE, "A claim was lost to no row"));
            }
        };
    }

    private static <T> CompletionStage<T> refused(Reason reason, String rule) {
        return CompletableFuture.failedFuture(new RefusedException(reason, rule));
    }

    private static <T> CompletionStage<T> doubt(Doubt doubt, Claim claim) {
        return CompletableFuture.failedFuture(new InDoubtException(doubt, Optional.of(claim.executionId())));
    }
}
