package dev.openexec;

import dev.openexec.Admission.Admitted;
import dev.openexec.Authorization.Authorized;
import dev.openexec.Claims.Entry;
import dev.openexec.Standing.Settled;
import dev.openexec.action.Kind;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The one path: nothing is executed in any other way.
 *
 * @param authorization stage 1: whether it was approved
 * @param admission stage 2: whether there is an action that takes it
 * @param inFlight lets duplicates wait for the first
 * @param ledger stages 3 and 5: the claim and the ending
 * @param runner stage 4: the action
 * @param hardDeadline how long the action is waited for
 * @param refusals puts on record what is refused
 * @param transactions stages 3 to 5 in one commit, for TRANSACTIONAL actions, whose ledger stage 3 only drafts the claim
 */
record ExecutionPath(
        Authorization authorization,
        Admission admission,
        InFlight inFlight,
        Ledger ledger,
        Runner runner,
        HardDeadline hardDeadline,
        Refusals refusals,
        Transactions transactions) {

    /** For one request. */
    Intake.Path of(ExecutionRequest request) {
        return call -> {
            transactions.requireOutside();
            Optional.ofNullable(request.waitBudget()).ifPresent(call::waitFor);
            Authorized authorized = authorize(request);
            return refusals.onRecord(authorized, () -> take(authorized, call));
        };
    }

    private Authorized authorize(ExecutionRequest request) throws RefusedException {
        try {
            return authorization.authorize(request);
        } catch (RefusedException e) {
            refusals.count(e);
            throw e;
        }
    }

    private CompletionStage<Execution> take(Authorized authorized, Call call) throws RefusedException {
        Admitted admitted = admission.admit(authorized, call);
        return inFlight.afterFirst(
                authorized.claimableKeys(),
                call,
                () -> ledger.begin(admitted, call)
                        .thenCompose(begun ->
                                begun instanceof Entry entry ? finish(entry, call) : ledger.replay((Settled) begun)));
    }

    private CompletionStage<Execution> finish(Entry entry, Call call) {
        if (entry.kind() == Kind.TRANSACTIONAL) {
            return transactions
                    .run(entry, call)
                    .thenComposeAsync(
                            outcome -> ledger.transacted(entry, outcome, call),
                            call.threads().continuations());
        }
        return hardDeadline
                .ending(entry, runner.run(entry, call), call)
                .thenCompose(ending -> ledger.end(entry, ending, call));
    }
}
