package dev.openexec.server;

import dev.openexec.ExecutionFailedException;
import dev.openexec.ExecutionRequest;
import dev.openexec.InDoubtException;
import dev.openexec.RefusedException;
import dev.openexec.store.StoreException;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** Every way in which an execution does not succeed, as a problem. */
final class ExecutionProblems {

    private ExecutionProblems() {}

    /**
     * The problem.
     *
     * @throws CompletionException if the executor does not document such a failure
     */
    static Problem of(Throwable failure, ExecutionRequest request) {
        if (failure instanceof RefusedException refused) {
            return RefusalProblems.of(refused, request);
        }
        if (failure instanceof ExecutionFailedException failed) {
            Problem plain = Problem.of(424, "action-failed", "The action did not happen: " + failed.code())
                    .withExecution(Optional.of(failed.executionId()));
            Problem problem = failed.resolved() ? plain.asResolved() : plain;
            return failed.replayed() ? problem.withHeader("OpenExec-Replayed", "true") : problem;
        }
        if (failure instanceof InDoubtException doubt) {
            return inDoubt(doubt);
        }
        if (failure instanceof StoreException store) {
            return store(store.reason());
        }
        throw new CompletionException(failure);
    }

    private static Problem inDoubt(InDoubtException e) {
        String name = e.doubt().problem();
        Problem problem = switch (e.doubt()) {
            case EXECUTION_IN_PROGRESS ->
                Problem.of(409, name, "Still running; ask again with the same nonce")
                        .retryAfter(1);
            case EXECUTION_TIMEOUT ->
                Problem.of(504, name, "Still running, and its ending will be recorded; ask again with the same nonce")
                        .retryAfter(5);
            case OUTCOME_INDETERMINATE ->
                Problem.of(
                        500,
                        name,
                        "The action ran or may have run, and how it ended is not known; it will not run again");
            case COMPLETION_PENDING ->
                Problem.of(503, name, "What became of it is not on disk yet; ask again with the same nonce; ask again")
                        .retryAfter(1);
        };
        return problem.withExecution(e.executionId());
    }

    private static Problem store(StoreException.Reason reason) {
        String name = reason.problem();
        return Problem.of(503, name, "The ledger cannot record a claim, so nothing ran; ask again with the same nonce")
                .retryAfter(5);
    }
}
