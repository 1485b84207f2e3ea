package dev.openexec;

import dev.openexec.InDoubtException.Doubt;
import dev.openexec.RefusedException.Reason;
import dev.openexec.Standing.Settled;
import dev.openexec.json.Json;
import dev.openexec.json.MalformedJsonException;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Puts a recorded ending into words, the first time and every time after from the same recorded text. */
final class Answer {

    private static final System.Logger LOG = System.getLogger(Answer.class.getName());

    private Answer() {}

    /** To the request that it was done for. */
    static CompletionStage<Execution> first(Claim claim, Ending ending) {
        return of(claim, ending, false, false);
    }

    /** To whoever asks again. */
    static CompletionStage<Execution> again(Settled settled) {
        return of(settled.claim(), settled.ending(), true, settled.resolved());
    }

    private static CompletionStage<Execution> of(Claim claim, Ending ending, boolean replayed, boolean resolved) {
        return switch (ending.state()) {
            case SUCCEEDED -> success(claim, ending.result(), replayed, resolved);
            case FAILED ->
                CompletableFuture.failedFuture(new ExecutionFailedException(
                        claim.executionId(), String.valueOf(ending.code()), replayed, resolved));
            case INDETERMINATE -> indeterminate(claim);
        };
    }

    private static CompletionStage<Execution> success(
            Claim claim, @Nullable String result, boolean replayed, boolean resolved) {
        if (result == null) {
            return CompletableFuture.failedFuture(new RefusedException(Reason.RESULT_ERASED));
        }
        try {
            Receipt receipt = Receipt.of(claim.executionId().toString(), result);
            return CompletableFuture.completedFuture(new Execution(
                    claim.executionId(), claim.action(), Json.parse(result), receipt, replayed, resolved));
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
