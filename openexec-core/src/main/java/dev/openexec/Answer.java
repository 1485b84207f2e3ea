package dev.openexec;

import dev.openexec.InDoubtException.Doubt;
import dev.openexec.json.Json;
import dev.openexec.json.MalformedJsonException;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Puts a recorded ending into words, the first time and every time after from the same recorded text. */
final class Answer {

    private static final System.Logger LOG = System.getLogger(Answer.class.getName());

    private Answer() {}

    static CompletionStage<Execution> of(Claim claim, Ending ending, boolean replayed) {
        return switch (ending.state()) {
            case SUCCEEDED -> success(claim, String.valueOf(ending.result()), replayed);
            case FAILED ->
                CompletableFuture.failedFuture(
                        new ExecutionFailedException(claim.executionId(), String.valueOf(ending.code()), replayed));
            case INDETERMINATE -> indeterminate(claim);
        };
    }

    private static CompletionStage<Execution> success(Claim claim, String result, boolean replayed) {
        try {
            Receipt receipt = Receipt.of(claim.executionId().toString(), result);
            return CompletableFuture.completedFuture(
                    new Execution(claim.executionId(), claim.action(), Json.parse(result), receipt, replayed));
        } catch (MalformedJsonException e) {
            LOG.log(Level.ERROR, "The recorded result of execution {0} is not JSON", claim.executionId());
            return indeterminate(claim);
        }
    }

    private static CompletionStage<Execution> indeterminate(Claim claim) {
        return CompletableFuture.failedFuture(
                new InDoubtException(Doubt.OUTCOME_INDETERMINATE, Optional.of(claim.executionId())));
    }
}
