package dev.openexec;

import dev.openexec.json.Digest;
import dev.openexec.json.Json;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a proposer asks for. Nothing in it is trusted: {@link Executor} judges every part.
 *
 * @param action the name of an action
 * @param payload a JSON object, nested at most 63 levels deep
 * @param nonce chosen by the caller: 1 to 255 bytes of UTF-8 without control characters. The same request with
 *     it again gets the original answer and runs nothing; another request with it is refused
 * @param approval the text of the approval artifact as received; null where there is none
 * @param waitBudget how long it waits, if it is a duplicate, for the first to end; null for as long as the executor has
 *     them wait ({@link Executor.Builder#waitBudget})
 */
public record ExecutionRequest(
        String action,
        Json payload,
        String nonce,
        @Nullable String approval,
        @Nullable Duration waitBudget) {

    /**
     * Checks nothing but that all but the last two are there, and the range of the last.
     *
     * @throws IllegalArgumentException if the wait budget is negative or more than a day
     */
    public ExecutionRequest {
        if (waitBudget != null) {
            Options.budget(waitBudget);
        }
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(nonce, "nonce");
    }

    /**
     * {@return a request without an approval}
     *
     * @param action the name of an action
     * @param payload a JSON object
     * @param nonce chosen by the caller
     */
    public static ExecutionRequest of(String action, Json payload, String nonce) {
        return new ExecutionRequest(action, payload, nonce, null, null);
    }

    /**
     * {@return the same request with this approval artifact}
     *
     * @param artifact its text as received
     */
    public ExecutionRequest withApproval(String artifact) {
        return new ExecutionRequest(action, payload, nonce, Objects.requireNonNull(artifact, "artifact"), waitBudget);
    }

    /**
     * {@return the same request with its own time to wait in} It runs nothing and changes no answer but
     * {@link InDoubtException.Doubt#EXECUTION_IN_PROGRESS}: when, and whether, that is told.
     *
     * @param budget from nothing to a day
     * @throws IllegalArgumentException if it is negative or more than a day
     */
    public ExecutionRequest withWaitBudget(Duration budget) {
        return new ExecutionRequest(action, payload, nonce, approval, Objects.requireNonNull(budget, "budget"));
    }

    /**
     * What an approver has to look at, since an approval covers all of it and nothing else: the canonical text of
     * {@code {"action": …, "payload": …}} ({@link Json#canonical}), which is printable ASCII. Neither the nonce nor the
     * approval is in it.
     *
     * @return the text that an approver reads
     * @throws IllegalArgumentException if there is no such text, because the action's name has a lone surrogate or the
     *     payload is nested deeper than 63 levels: {@link Executor} refuses such a request
     */
    public String canonical() {
        return Json.of(Map.of("action", action, "payload", payload)).canonical();
    }

    /**
     * {@return the SHA-256 of {@link #canonical()}: in hexadecimal digits, the {@code action_hash} of a version 1 approval}
     *
     * @throws IllegalArgumentException as {@link #canonical()} does
     */
    public Digest hash() {
        return Digest.ofUtf8(canonical());
    }

    /** Names no part of the request: it may hold secrets. */
    @Override
    public String toString() {
        return "ExecutionRequest";
    }
}
