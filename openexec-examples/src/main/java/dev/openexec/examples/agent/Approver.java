package dev.openexec.examples.agent;

import dev.openexec.ExecutionRequest;
import java.util.Optional;

/** Whoever holds the private key: a person, or a policy engine. Never this program, and never the model. */
interface Approver {

    /** Nobody can be asked about a request as large as this. */
    final class TooLargeException extends Exception {}

    /**
     * The approval of exactly this request, or empty as long as there is none. What has to be looked at is
     * {@link ExecutionRequest#canonical()}; what is signed is {@link ExecutionRequest#hash()}.
     *
     * <p>Asked again about a nonce, it gives the same approval again, also after a restart: it is part of the request that
     * the executor repeats its answer to. A second approval of a nonce that was executed is refused as nonce-reused.
     */
    Optional<String> approvalOf(ExecutionRequest request) throws TooLargeException;

    /**
     * The approval that was given for this request expired before it was spent, and it never runs with that one. Whoever
     * keeps approvals asks for another.
     */
    default void expired(ExecutionRequest request) {}
}
