package dev.openexec;

import dev.openexec.Admission.Admitted;
import dev.openexec.Authorization.Authorized;
import dev.openexec.Claims.Entry;
import dev.openexec.InDoubtException.Doubt;
import dev.openexec.RefusedException.Reason;
import dev.openexec.action.Kind;
import dev.openexec.json.Json;
import dev.openexec.json.MalformedJsonException;
import dev.openexec.store.Claim;
import dev.openexec.store.Outcome.Verdict;
import dev.openexec.store.SpentApproval;
import dev.openexec.store.StoredExecution;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The retry: enters an IDEMPOTENT action once more after the process that had entered it died. What stands in the ledger is
 * taken on trust no more than a request is: it goes through the same stages, with the approval that its row keeps.
 */
final class Retry {

    private static final System.Logger LOG = System.getLogger(Retry.class.getName());

    private final Intake intake;
    private final Authorization authorization;
    private final Admission admission;
    private final Claims claims;
    private final Runner runner;
    private final HardDeadline deadline;
    private final Threads threads;

    Retry(
            Intake intake,
            Authorization authorization,
            Admission admission,
            Claims claims,
            Runner runner,
            HardDeadline deadline,
            Threads threads) {
        this.intake = intake;
        this.authorization = authorization;
        this.admission = admission;
        this.claims = claims;
        this.runner = runner;
        this.deadline = deadline;
        this.threads = threads;
    }

    /** What has become of a row that was to be retried. */
    enum Result {
        /** It is at work again, here or elsewhere, or has ended. */
        TAKEN,
        /** Not now, or not by this executor. */
        UNABLE,
        /** By nobody any more: its approval can no longer be spent. */
        TOO_LATE
    }

    /** Completes once it is known who runs it, not when it has run. Never fails. */
    CompletionStage<Result> of(StoredExecution orphan) {
        CompletableFuture<Result> result = new CompletableFuture<>();
        try {
            Admitted admitted = admit(orphan.claim());
            CompletableFuture<?> unused = intake.take(threads, call -> path(admitted, orphan, call, result))
                    .whenComplete(
                            (execution, failure) -> result.complete(Result.UNABLE)); // unless more is known already
        } catch (RefusedException e) {
            result.complete(Result.UNABLE);
        } catch (RuntimeException | Error e) { // of a row that is not as it should be; the others must not suffer
            Failures.warn(
                    LOG,
                    "Execution {0} cannot be looked at: {1}",
                    orphan.claim().executionId(),
                    Failures.trace(e));
            result.complete(Result.UNABLE);
        }
        return result;
    }

    private CompletionStage<Execution> path(
            Admitted admitted, StoredExecution orphan, Call call, CompletableFuture<Result> result) {
        Entry entry = claims.draft(admitted, orphan);
        call.observation().admitted(entry.claim().action(), entry.kind());
        call.observation().claiming();
        return claims.retry(entry, orphan)
                .thenComposeAsync(
                        outcome -> {
                            result.complete(result(outcome.verdict()));
                            if (outcome.verdict() != Verdict.APPLIED) {
                                return CompletableFuture.failedFuture(new InDoubtException(
                                        Doubt.EXECUTION_IN_PROGRESS, Optional.of(entry.executionId())));
                            }
                            call.observation().claimed(entry.executionId());
                            return deadline.ending(entry, runner.run(entry, call), call)
                                    .thenCompose(ending -> claims.answer(entry, ending));
                        },
                        threads.continuations());
    }

    private static Result result(Verdict verdict) {
        return switch (verdict) {
            case APPLIED, LOST -> Result.TAKEN;
            case CLOCK_UNSAFE -> Result.UNABLE;
            case EXPIRED, BEHIND_EXPIRY_FLOOR, BEFORE_ISSUE_FLOOR, SIGNED_LEDGER -> Result.TOO_LATE;
        };
    }

    /** What the row is as a request, here and now; refused unless the code is the one that was entered before. */
    private Admitted admit(Claim claim) throws RefusedException {
        Authorized authorized = authorization.authorize(request(claim));
        Admitted admitted = admission.admit(authorized, Call.unobserved(threads));
        boolean same = authorized.authority() == claim.authority()
                && authorized.nonceKey().equals(claim.nonceKey())
                && authorized.requestHash().equals(claim.requestHash())
                && authorized
                        .approvalKey()
                        .equals(Optional.ofNullable(claim.approval()).map(SpentApproval::key))
                && admitted.action().kind() == Kind.IDEMPOTENT
                && claim.actionDigest() != null
                && admitted.action().digest().equals(Optional.of(claim.actionDigest()));
        if (!same) {
            throw new RefusedException(Reason.INVALID_REQUEST, "recorded-claim");
        }
        return admitted;
    }

    private static ExecutionRequest request(Claim claim) throws RefusedException {
        try {
            ExecutionRequest request = ExecutionRequest.of(claim.action(), Json.parse(claim.payload()), claim.nonce());
            SpentApproval approval = claim.approval();
            return approval == null ? request : request.withApproval(approval.text());
        } catch (MalformedJsonException e) {
            throw new RefusedException(Reason.INVALID_REQUEST, "recorded-payload");
        }
    }
}
