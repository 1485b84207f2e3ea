package dev.openexec;

import dev.openexec.Admission.Admitted;
import dev.openexec.Authorization.Authorized;
import dev.openexec.Ledger.Entry;
import dev.openexec.Standing.Settled;
import java.util.concurrent.CompletionStage;

/**
 * The one path: nothing is executed in any other way.
 *
 * @param authorization stage 1
 * @param admission stage 2
 * @param inFlight for the courtesy between duplicates
 * @param ledger stages 3 and 5
 * @param runner stage 4
 */
record Path(Authorization authorization, Admission admission, InFlight inFlight, Ledger ledger, Runner runner) {

    CompletionStage<Execution> take(ExecutionRequest request, Attempt attempt) throws RefusedException {
        Authorized authorized = authorization.authorize(request);
        Admitted admitted = admission.admit(authorized, attempt);
        return inFlight.afterFirst(
                authorized.claimableKeys(),
                attempt,
                () -> ledger.begin(admitted, attempt)
                        .thenCompose(begun -> begun instanceof Entry entry
                                ? runner.run(entry, attempt).thenCompose(ending -> ledger.end(entry, ending, attempt))
                                : ledger.replay((Settled) begun)));
    }
}
