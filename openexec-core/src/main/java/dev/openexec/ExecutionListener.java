package dev.openexec;

import dev.openexec.action.Kind;
import dev.openexec.store.Ending;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Hears what becomes of requests: for metrics, traces and logs. {@link Executor.Builder#listener} registers one.
 *
 * <p>It only hears. Events reach it later, through a bounded queue, on a thread of its own: nothing it does changes or
 * delays an answer. What does not fit into the queue is dropped and counted ({@link Executor#droppedEvents}). What it
 * throws, an Error included, is caught and logged without its message, the more seldom the more often it happens.
 * {@link Executor#close} has what is queued delivered, for as long as the drain budget at most, and then
 * interrupts the thread.
 *
 * <p>It is called by one thread at a time. The events of one call come in the order in which they happened, the first
 * is {@link Step#ARRIVAL}, the last and only the last is {@linkplain Step#isFinal() final}, unless events were dropped or
 * the executor closed without waiting for the call to end. An action that returns after its hard deadline has no
 * {@link Step#ENDING}: the last event came before. Events of other calls come in between.
 *
 * <pre>{@code
 * .listener(event -> metrics.timer("openexec", "step", event.step().name(), "action", event.action(), "code", event.code())
 *         .record(event.took()))
 * }</pre>
 */
@FunctionalInterface
public interface ExecutionListener {

    /**
     * Called for every event. May take its time and may throw.
     *
     * @param event what happened
     */
    void on(Event event);

    /**
     * Something that happened to a request. Holds no payload, result, nonce, key or approval, and no text of a request
     * that was not admitted. Step, action, kind, state, code and rule have few values, chosen by this library and by the
     * authors of the actions: they may label a metric.
     *
     * @param call numbers the calls of this executor from 1 on: the events of one call have one number
     * @param step what happened
     * @param at when it happened: the executor's clock as the request arrived, and the time that passed since
     * @param took how long the claim took ({@link Step#CLAIM}) or the action ran ({@link Step#ENDING}); of every other
     *     step the time since the request arrived. Measured by {@link System#nanoTime}
     * @param action the name of the action; empty until the request is admitted
     * @param kind the kind of the action; absent until the request is admitted
     * @param executionId absent where there is none, or where it is not known
     * @param state how the action's run ended; of {@link Step#ENDING} only
     * @param code the stable name of what went wrong, as it is answered or recorded: {@code nonce-reused},
     *     {@code outcome-indeterminate}, the action's own {@code account-closed}. Empty where nothing did
     * @param rule the finer {@link RefusedException#rule} of a refusal; empty elsewhere
     */
    record Event(
            long call,
            Step step,
            Instant at,
            Duration took,
            String action,
            Optional<Kind> kind,
            Optional<UUID> executionId,
            Optional<Ending.State> state,
            String code,
            String rule) {}

    /** What can happen to a request. Its last event says what the caller is told, unless it was told {@link #TIMEOUT}. */
    enum Step {
        /** It arrived. Nothing is known of it yet. */
        ARRIVAL,
        /** Its claim is durable. PURE actions have none. */
        CLAIM,
        /** The action is about to be entered. */
        ENTRY,
        /**
         * The caller was told {@code execution-timeout} ({@link Executor.Builder#softDeadline}). What it had waited for goes
         * on, and the last event says how that ends.
         */
        TIMEOUT,
        /** The action has ended. What it came to is not recorded yet. */
        ENDING,
        /** Final: executed, and recorded. */
        SUCCESS,
        /** Final: it failed for certain, which is recorded ({@link ExecutionFailedException}). */
        FAILURE,
        /** Final: the recorded success or failure of another call is the answer. */
        REPLAY,
        /** Final: the boundary said no ({@link RefusedException}). */
        REFUSAL,
        /** Final: there is a claim and no ending to answer with ({@link InDoubtException}). */
        DOUBT,
        /**
         * Final: the ledger could not be used ({@link dev.openexec.store.StoreException}), or something unforeseen
         * ({@code internal-error}).
         */
        FAULT;

        /** {@return whether this is the last event of its call} */
        public boolean isFinal() {
            return compareTo(ENDING) > 0;
        }
    }
}
