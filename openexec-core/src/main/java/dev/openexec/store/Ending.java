package dev.openexec.store;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * How an execution ended, or that nobody knows.
 *
 * @param state that it is no longer running
 * @param at when it ended, by the executor's clock; cut to the millisecond
 * @param code the stable name of the failure or of the doubt; null exactly when it succeeded
 * @param result the result in Python's spaced form, the bytes the receipt covers; null unless it succeeded,
 *     and null once it was erased
 */
public record Ending(
        State state,
        Instant at,
        @Nullable String code,
        @Nullable String result) {

    /** The states a row can be in once it is no longer running. */
    public enum State {
        /** It happened; the result is recorded. Terminal. */
        SUCCEEDED,
        /** It definitely did not happen. Terminal. */
        FAILED,
        /** Nobody knows how it ended. Never run again. */
        INDETERMINATE
    }

    /**
     * Cuts the time and checks that code and result agree with the state.
     *
     * @throws IllegalArgumentException if a success has a code, any other ending has none, or it has a result
     */
    public Ending {
        at = at.truncatedTo(ChronoUnit.MILLIS);
        if ((state == State.SUCCEEDED) != (code == null) || (state != State.SUCCEEDED && result != null)) {
            throw new IllegalArgumentException("A success has a result and no code, any other ending only a code");
        }
    }

    /**
     * {@return that it happened}
     *
     * @param at when, by the executor's clock
     * @param result in Python's spaced form
     */
    public static Ending succeeded(Instant at, String result) {
        return new Ending(State.SUCCEEDED, at, null, result);
    }

    /**
     * {@return that it definitely did not happen}
     *
     * @param at when that was known, by the executor's clock
     * @param code the stable name of the failure
     */
    public static Ending failed(Instant at, String code) {
        return new Ending(State.FAILED, at, code, null);
    }

    /**
     * {@return that nobody knows}
     *
     * @param at when that was established, by the executor's clock
     * @param code the stable name of the doubt
     */
    public static Ending indeterminate(Instant at, String code) {
        return new Ending(State.INDETERMINATE, at, code, null);
    }

    /** {@return whether somebody knows how it ended} */
    public boolean isKnown() {
        return state != State.INDETERMINATE;
    }

    /** {@return whether it is a success whose result was dropped} */
    public boolean isErased() {
        return state == State.SUCCEEDED && result == null;
    }
}
