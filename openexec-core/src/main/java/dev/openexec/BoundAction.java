package dev.openexec;

import dev.openexec.action.Action;
import dev.openexec.action.InvalidInputException;
import dev.openexec.action.Kind;
import dev.openexec.json.Json;

/** A registered action with the binder of its input. */
final class BoundAction<I> {

    private static final int MAX_NAME = 256;

    private final Action<I> action;
    private final InputBinder<I> binder;

    private BoundAction(Action<I> action) {
        this.action = action;
        this.binder = InputBinder.of(action.inputType());
    }

    /**
     * Refuses what could not be executed later.
     *
     * @throws IllegalArgumentException naming the action and what is wrong with it
     */
    static <I> BoundAction<I> of(Action<I> action) {
        String name = action.name();
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw new IllegalArgumentException("The name of an action has 1 to 256 characters: "
                    + action.getClass().getName());
        }
        if (action.kind() == Kind.TRANSACTIONAL) {
            throw new IllegalArgumentException("Action " + name + " is TRANSACTIONAL, which this version refuses");
        }
        return new BoundAction<>(action);
    }

    PreparedAction<I> prepare(Json payload) throws InvalidInputException {
        I input = binder.bind(payload);
        try {
            action.check(input);
        } catch (RuntimeException e) {
            throw new InvalidInputException("check-error");
        }
        return new PreparedAction<>(action, input);
    }
}
