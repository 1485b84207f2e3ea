package dev.openexec;

import dev.openexec.Admission.Admitted;
import dev.openexec.Authorization.Authorized;
import dev.openexec.InDoubtException.Doubt;
import dev.openexec.RefusedException.Reason;
import dev.openexec.action.ActionContext;
import dev.openexec.action.Kind;
import dev.openexec.json.Digest;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.Outcome;
import dev.openexec.store.SpentApproval;
import dev.openexec.store.StoreException;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Stages 3 and 5: claims what is new, replays what is settled, and records how it ended. */
final class Ledger {

    private static final long FIRST_LOOK_MILLIS = 20;
    private static final long LAST_LOOK_MILLIS = 500;

    private final ExecutionStore store;
    private final String ledgerId;
    private final InstantSource clock;
    private final Recovery recovery;
    private final Duration waitBudget;
    private final Set<Entry> claimed = ConcurrentHashMap.newKeySet();

    Ledger(ExecutionStore store, String ledgerId, InstantSource clock, Recovery recovery, Duration waitBudget) {
        this.store = store;
        this.ledgerId = ledgerId;
        this.clock = clock;
        this.recovery = recovery;
        this.waitBudget = waitBudget;
    }

    /** What a request is to the ledger: settled already, or an entry into its action. */
    abstract static sealed class Begun permits Settled, Entry {}

    /** An earlier execution of this very request that has ended. */
    static final class Settled extends Begun {

        private final Claim claim;
        private final Ending ending;

        private Settled(Claim claim, Ending ending) {
            this.claim = claim;
            this.ending = ending;
        }
    }

    /** The permission to enter an action once. */
    static final class Entry extends Begun {

        private final Admitted admitted;
        private final Claim claim;
        private final String ledgerId;

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

        ActionContext context(InstantSource clock) {
            return new Context(ledgerId, claim, 1, clock);
        }
    }

    /**
     * Looks the request up; what is new and not PURE is claimed, durably, before this completes. A PURE action is recorded
     * in one write with its ending instead: evaluated twice, it is recorded once.
     */
    CompletionStage<Begun> begin(Admitted admitted, Executor light) {
        Authorized request = admitted.authorized();
        Claim claim = newClaim(admitted);
        return store.find(claim.keys())
                .thenComposeAsync(
                        row -> {
                            if (row.isPresent()) {
                                return standing(request, row.get(), light);
                            }
                            try {
                                Comparison.requireSpendable(request, clock.instant());
                            } catch (RefusedException e) {
                                return CompletableFuture.failedFuture(e);
                            }
                            Entry entry = new Entry(admitted, claim, ledgerId);
                            return entry.kind() == Kind.PURE
                                    ? CompletableFuture.completedFuture(entry)
                                    : claim(entry, light);
                        },
                        light);
    }

    private CompletionStage<Begun> claim(Entry entry, Executor light) {
        return store.write(new Write.Insert(entry.claim, null, null))
                .thenComposeAsync(
                        outcome -> {
                            if (outcome.verdict() != Outcome.Verdict.APPLIED) {
                                return lost(entry.request(), outcome, light);
                            }
                            claimed.add(entry);
                            return CompletableFuture.completedFuture(entry);
                        },
                        light);
    }

    /** Records the ending and answers once it is durable. */
    CompletionStage<Execution> end(Entry entry, Ending ending, Executor light) {
        CompletionStage<Execution> answer =
                Answer.of(entry.claim, ending, false); // made here, not on the store's thread
        if (entry.kind() == Kind.PURE) {
            return store.write(new Write.Insert(entry.claim, ending, null))
                    .thenCompose(outcome -> outcome.verdict() == Outcome.Verdict.APPLIED
                            ? answer
                            : lost(entry.request(), outcome, light).thenCompose(begun -> replay((Settled) begun)));
        }
        Claim claim = entry.claim;
        return store.write(new Write.End(claim.nonceKey(), claim.token(), 1, ending, null))
                .whenComplete((outcome, failure) -> claimed.remove(entry))
                .<CompletionStage<Execution>>handle((outcome, failure) -> {
                    if (failure != null) {
                        return doubt(Doubt.COMPLETION_PENDING, claim);
                    }
                    return outcome.verdict() == Outcome.Verdict.APPLIED
                            ? answer
                            : doubt(Doubt.OUTCOME_INDETERMINATE, claim);
                })
                .thenCompose(result -> result);
    }

    /** The original answer again. */
    CompletionStage<Execution> replay(Settled settled) {
        return Answer.of(settled.claim, settled.ending, true);
    }

    /** Ends what dead processes left behind. */
    CompletionStage<Void> recover() {
        return recovery.recover();
    }

    /** Gives up what was claimed here and has not ended: nobody will know how it ended. */
    CompletionStage<Void> abandon(String code) {
        List<CompletableFuture<?>> endings = new ArrayList<>();
        for (Entry entry : claimed) {
            Ending unknown = Ending.indeterminate(now(), code);
            Claim claim = entry.claim;
            endings.add(store.write(new Write.End(claim.nonceKey(), claim.token(), 1, unknown, null))
                    .toCompletableFuture());
        }
        return CompletableFuture.allOf(endings.toArray(CompletableFuture<?>[]::new));
    }

    private CompletionStage<Begun> lost(Authorized request, Outcome outcome, Executor light) {
        return switch (outcome.verdict()) {
            case BEHIND_EXPIRY_FLOOR -> refused(Reason.APPROVAL_EXPIRED, "expiry-floor");
            case BEFORE_ISSUE_FLOOR -> refused(Reason.APPROVAL_BEFORE_LEDGER, "issue-floor");
            case SIGNED_LEDGER ->
                CompletableFuture.failedFuture(new StoreException(
                        StoreException.Reason.LEDGER_IS_SIGNED, "The ledger takes signed claims only"));
            case LOST, APPLIED -> {
                StoredExecution row = outcome.standing();
                yield row != null
                        ? standing(request, row, light)
                        : CompletableFuture.failedFuture(new StoreException(
                                StoreException.Reason.STORE_UNAVAILABLE, "A claim was lost to no row"));
            }
        };
    }

    private CompletionStage<Begun> standing(Authorized request, StoredExecution row, Executor light) {
        try {
            Comparison.requireSame(request, row, clock.instant());
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
        Ending ending = row.ending();
        if (ending != null) {
            return CompletableFuture.completedFuture(new Settled(row.claim(), ending));
        }
        long deadline = System.nanoTime() + waitBudget.toNanos();
        return recovery.recover()
                .exceptionally(failure -> null) // a row whose owner may live is waited for all the same
                .thenCompose(done -> look(row.claim(), deadline, FIRST_LOOK_MILLIS, light));
    }

    /** Waits for another process, or for an ending of ours that could not be written yet. */
    private CompletionStage<Begun> look(Claim claim, long deadline, long delayMillis, Executor light) {
        return store.find(List.of(claim.nonceKey()))
                .thenComposeAsync(
                        found -> {
                            Ending ending = found.map(StoredExecution::ending).orElse(null);
                            if (ending != null) {
                                return CompletableFuture.completedFuture(new Settled(claim, ending));
                            }
                            if (System.nanoTime() - deadline >= 0) {
                                return doubt(Doubt.EXECUTION_IN_PROGRESS, claim);
                            }
                            Executor later =
                                    CompletableFuture.delayedExecutor(delayMillis, TimeUnit.MILLISECONDS, light);
                            return CompletableFuture.runAsync(() -> {}, later)
                                    .thenCompose(done ->
                                            look(claim, deadline, Math.min(2 * delayMillis, LAST_LOOK_MILLIS), light));
                        },
                        light);
    }

    private Claim newClaim(Admitted admitted) {
        Authorized request = admitted.authorized();
        Instant now = now();
        return new Claim(
                Identifiers.executionId(now),
                request.nonceKey(),
                LedgerKeys.untenantedNonce(request.request().nonce()),
                request.authority(),
                spent(request),
                request.requestHash(),
                request.tenant(),
                request.request().nonce(),
                request.request().action(),
                admitted.action().action().kind(),
                request.request().payload().canonical(),
                Identifiers.random128(),
                Identifiers.random128(),
                now);
    }

    private static @Nullable SpentApproval spent(Authorized request) {
        Optional<Digest> key = request.approvalKey();
        return request.approval()
                .map(approval -> new SpentApproval(
                        key.orElseThrow(), approval.id(), approval.text(), approval.issuedAt(), approval.expiresAt()))
                .orElse(null);
    }

    private static <T> CompletionStage<T> refused(Reason reason, String rule) {
        return CompletableFuture.failedFuture(new RefusedException(reason, rule));
    }

    private static <T> CompletionStage<T> doubt(Doubt doubt, Claim claim) {
        return CompletableFuture.failedFuture(new InDoubtException(doubt, Optional.of(claim.executionId())));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
