package dev.openexec;

import java.util.UUID;

/**
 * It definitely did not happen. The failure is recorded: the nonce and the approval are spent, and the same request again
 * gets the same failure.
 */
public final class ExecutionFailedException extends Exception {

    private final UUID executionId;
    private final String code;
    private final boolean replayed;
    private final boolean resolved;

    ExecutionFailedException(UUID executionId, String code, boolean replayed, boolean resolved) {
        super("Execution " + executionId + " failed: " + code);
        this.executionId = executionId;
        this.code = code;
        this.replayed = replayed;
        this.resolved = resolved;
    }

    /** {@return the id of the execution that failed} */
    public UUID executionId() {
        return executionId;
    }

    /**
     * {@return the action's own name for the failure, or the name that a person gave it; or of a PURE or TRANSACTIONAL action
     * {@code action-error}, {@code action-interrupted}, {@code result-unrepresentable} or {@code result-too-large}, and of a
     * TRANSACTIONAL one also {@code budget-exceeded} or {@code not-committed}}
     */
    public String code() {
        return code;
    }

    /** {@return true if this repeats an earlier answer and nothing ran for this request} */
    public boolean replayed() {
        return replayed;
    }

    /** {@return true if a person supplied this ending, because nobody knew how it had ended} */
    public boolean resolved() {
        return resolved;
    }
}
