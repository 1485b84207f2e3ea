package dev.openexec;

import dev.openexec.Admission.Admitted;
import dev.openexec.Claims.Entry;
import dev.openexec.RefusedException.Reason;
import dev.openexec.Standing.Settled;
import dev.openexec.action.Kind;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.Outcome;
import dev.openexec.store.Outcome.Verdict;
import dev.openexec.store.Receipts;
import dev.openexec.store.StoreException;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Stages 3 and 5: claims what is new, replays what is settled, and records how it ended. */
final class Ledger {

    private final ExecutionStore store;
    private final Instant issueFloor;
    private final Receipts receipts;
    private final InstantSource clock;
    private final Claims claims;
    private final Standing standing;

    Ledger(
            ExecutionStore store,
            Instant issueFloor,
            Receipts receipts,
            InstantSource clock,
            Claims claims,
            Standing standing) {
        this.store = store;
        this.issueFloor = issueFloor;
        this.receipts = receipts;
        this.clock = clock;
        this.claims = claims;
        this.standing = standing;
    }

    /**
     * Looks the request up; what is new is claimed, durably, before this completes. Not so a PURE action, which is recorded
     * in one write with its ending: evaluated twice, it is recorded once. Nor a TRANSACTIONAL one, which is claimed in the
     * transaction that it runs in.
     */
    CompletionStage<Begun> begin(Admitted admitted, Call call) {
        Entry entry = claims.draft(admitted);
        return store.find(entry.claim().keys())
                .thenComposeAsync(
                        row -> row.isPresent()
                                ? standing.settle(entry.request(), row.get(), call)
                                        .thenApply(Function.identity())
                                : enterable(entry, call),
                        call.threads().continuations());
    }

    private CompletionStage<Begun> enterable(Entry entry, Call call) {
        try {
            Comparison.requireSpendable(entry.request(), clock.instant(), issueFloor);
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
        return switch (entry.kind()) {
            case PURE, TRANSACTIONAL -> CompletableFuture.completedFuture(entry);
            case AT_MOST_ONCE, IDEMPOTENT -> claim(entry, call);
        };
    }

    private CompletionStage<Begun> claim(Entry entry, Call call) {
        call.observation().claiming();
        return claims.make(entry)
                .thenComposeAsync(
                        outcome -> {
                            if (outcome.verdict() != Verdict.APPLIED) {
                                return lost(entry, outcome, call).thenApply(Function.identity());
                            }
                            call.observation().claimed(entry.executionId());
                            return CompletableFuture.completedFuture(entry);
                        },
                        call.threads().continuations());
    }

    /** Records the ending and answers once it is durable. */
    CompletionStage<Execution> end(Entry entry, Ending ending, Call call) {
        return entry.kind() == Kind.PURE ? record(entry, ending, call) : claims.answer(entry, ending);
    }

    /** Answers with what a transaction has recorded. */
    CompletionStage<Execution> transacted(Entry entry, Outcome outcome, Call call) {
        if (outcome.verdict() != Verdict.APPLIED) {
            return lost(entry, outcome, call).thenCompose(this::replay);
        }
        StoredExecution row = outcome.standing();
        Ending ending = row == null ? null : row.ending();
        if (ending == null) {
            return unusable(StoreException.Reason.CLAIM_UNCONFIRMED, "The ledger does not say how a transaction ended");
        }
        call.observation().ended(ending);
        return Answer.first(entry.claim(), ending);
    }

    private CompletionStage<Execution> record(Entry entry, Ending ending, Call call) {
        return store.write(new Write.Insert(entry.claim(), ending, receipts.outcome(entry.claim(), 1, ending)))
                .thenComposeAsync(
                        outcome -> outcome.verdict() == Verdict.APPLIED
                                ? Answer.first(entry.claim(), ending)
                                : lost(entry, outcome, call).thenCompose(this::replay),
                        call.threads().continuations());
    }

    /** The original answer again. */
    CompletionStage<Execution> replay(Settled settled) {
        return Answer.again(settled);
    }

    private CompletionStage<Settled> lost(Entry entry, Outcome outcome, Call call) {
        return switch (outcome.verdict()) {
            case EXPIRED -> refused(Reason.APPROVAL_EXPIRED, "expired");
            case BEHIND_EXPIRY_FLOOR -> refused(Reason.APPROVAL_EXPIRED, "expiry-floor");
            case BEFORE_ISSUE_FLOOR -> refused(Reason.APPROVAL_BEFORE_LEDGER, "issue-floor");
            case CLOCK_UNSAFE ->
                unusable(
                        StoreException.Reason.CLOCK_UNSAFE,
                        "The clock is behind the latest signed claim of the ledger");
            case SIGNED_LEDGER ->
                unusable(StoreException.Reason.LEDGER_IS_SIGNED, "The ledger takes signed claims only");
            case LOST, APPLIED -> {
                StoredExecution row = outcome.standing();
                yield row != null
                        ? standing.settle(entry.request(), row, call)
                        : unusable(StoreException.Reason.STORE_UNAVAILABLE, "A claim was lost to no row");
            }
        };
    }

    private static <T> CompletionStage<T> refused(Reason reason, String rule) {
        return CompletableFuture.failedFuture(new RefusedException(reason, rule));
    }

    private static <T> CompletionStage<T> unusable(StoreException.Reason reason, String message) {
        return CompletableFuture.failedFuture(new StoreException(reason, message));
    }
}
