package dev.openexec.action;

import dev.openexec.json.Json;

/**
 * Something that can be executed. Implementations are thread-safe: one instance serves every request.
 *
 * @param <I> the input: a record, bound strictly (every member present, none unknown, nothing coerced), or {@link Json}
 *     for the payload as it is
 */
public interface Action<I> {

    /**
     * The name by which requests ask for this action: 1 to 256 characters, by default the value of
     * {@link ActionName} on the class.
     *
     * @return the name, the same at every call
     * @throws IllegalStateException if the class has neither
     */
    default String name() {
        ActionName name = getClass().getAnnotation(ActionName.class);
        if (name == null) {
            throw new IllegalStateException(getClass().getName() + " has neither @ActionName nor its own name()");
        }
        return name.value();
    }

    /** {@return what a crash may do to it; {@link Kind#AT_MOST_ONCE} unless the author says otherwise} */
    default Kind kind() {
        return Kind.AT_MOST_ONCE;
    }

    /** {@return the class of the input: a record or {@link Json}} */
    Class<I> inputType();

    /**
     * Refuses input before anything is claimed, so that the nonce and the approval stay unused. Touches nothing.
     *
     * @param input the payload, bound to {@link #inputType()}
     * @throws InvalidInputException if the action would not accept this input
     */
    default void check(I input) throws InvalidInputException {}

    /**
     * Does it. Called once for a claim at most, of an {@link Kind#IDEMPOTENT} action once for an attempt. Of a
     * {@link Kind#TRANSACTIONAL} one whose transaction a crash ended nothing is left, no claim either.
     *
     * @param input the payload, bound to {@link #inputType()}; {@link #check} accepted it
     * @param context what is known about this execution
     * @return the result, a JSON object
     * @throws ActionFailedException if it definitely did not happen; at a later attempt this says nothing about the earlier
     *     ones, and the outcome is unknown
     * @throws Exception anything else means that the outcome is unknown (for {@link Kind#PURE} and
     *     {@link Kind#TRANSACTIONAL}: that it failed)
     */
    Json run(I input, ActionContext context) throws Exception;
}
