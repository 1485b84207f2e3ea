package dev.openexec;

import dev.openexec.InDoubtException.Doubt;
import dev.openexec.json.Json;
import dev.openexec.json.MalformedJsonException;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.StoreException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Puts a recorded ending into words, the first time and every time after from the same recorded text. */
final class Answer {

    private Answer() {}

    static CompletionStage<Execution> of(Claim claim, Ending ending, boolean replayed) {
        return switch (ending.state()) {
            case SUCCEEDED -> success(claim, String.valueOf(ending.result()), replayed);
            case FAILED ->
                CompletableFuture.failedFuture(
                        new ExecutionFailedException(claim.executionId(), String.valueOf(ending.code()), replayed));
            case INDETERMINATE, RUNNING ->
                CompletableFuture.failedFuture(
                        new InDoubtException(Doubt.OUTCOME_INDETERMINATE, Optional.of(claim.executionId())));
        };
    }

    private static CompletionStage<Execution> success(Claim claim, String result, boolean replayed) {
        try {
            Receipt receipt = Receipt.of(claim.executionId().toString(), result);
            return CompletableFuture.completedFuture(
                    new Execution(claim.executionId(), claim.action(), Json.parse(result), receipt, replayed));
        } catch (MalformedJsonException e) {
            return CompletableFuture.failedFuture(
                    new StoreException(StoreException.Reason.STORE_UNAVAILABLE, "A recorded result is not JSON", e));
        }
    }
}
