package dev.openexec;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * The nonce is claimed, or being claimed, and what became of it is not known, now or for ever. We do not guess: ask again
 * with the same nonce, or let a person find out.
 */
public final class InDoubtException extends Exception {

    /** What is in doubt. */
    public enum Doubt {
        /** Somebody is at work on it, here or in another process. Ask again with the same nonce. */
        EXECUTION_IN_PROGRESS,
        /**
         * The caller was not kept waiting any longer ({@link Executor.Builder#softDeadline}). Somebody is at work on it, and
         * how it ends will be on record. Ask again with the same nonce.
         */
        EXECUTION_TIMEOUT,
        /**
         * The action ran or may have run, and how it ended is not known. Nothing will run again under this nonce. What it came
         * to may still be recorded, when its owner was only taken for dead or late, or when a person finds out.
         */
        OUTCOME_INDETERMINATE,
        /** How it ended, or that it was never entered, could not be made durable yet. Ask again with the same nonce. */
        COMPLETION_PENDING;

        /** {@return the problem name, in lower case with hyphens} */
        public String problem() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Doubt doubt;
    private final Optional<UUID> executionId;

    InDoubtException(Doubt doubt, Optional<UUID> executionId) {
        super(doubt.problem() + executionId.map(id -> ": " + id).orElse(""));
        this.doubt = doubt;
        this.executionId = executionId;
    }

    /** {@return what is in doubt} */
    public Doubt doubt() {
        return doubt;
    }

    /** {@return the id of the claim, where it is known} */
    public Optional<UUID> executionId() {
        return executionId;
    }
}
