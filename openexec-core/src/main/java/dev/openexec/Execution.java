package dev.openexec;

import dev.openexec.json.Json;
import java.util.UUID;

/**
 * The answer to a request that was executed.
 *
 * @param id the same for every answer to one nonce
 * @param action the name of the action that ran
 * @param result what it returned; {@link Json#spaced()} of it is what the receipt covers
 * @param receipt the version 1 receipt of this result
 * @param replayed true if this answer repeats an earlier one and nothing ran for this request
 * @param resolved true if a person supplied the result, because nobody knew how it had ended
 */
public record Execution(UUID id, String action, Json result, Receipt receipt, boolean replayed, boolean resolved) {

    /** Names the execution, never its result. */
    @Override
    public String toString() {
        return "Execution[" + id + "]";
    }
}
