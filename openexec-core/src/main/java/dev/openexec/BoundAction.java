package dev.openexec;

import dev.openexec.action.Action;
import dev.openexec.action.InvalidInputException;
import dev.openexec.action.Kind;
import dev.openexec.json.Json;
import java.lang.System.Logger.Level;

/** A registered action with the binder of its input. */
final class BoundAction<I> {

    private static final System.Logger LOG = System.getLogger(BoundAction.class.getName());

    private final Action<I> action;
    private final Kind kind; // read once: what was checked is what holds
    private final InputBinder<I> binder;

    private BoundAction(Action<I> action, Kind kind) {
        this.action = action;
        this.kind = kind;
        this.binder = InputBinder.of(action.inputType());
    }

    /**
     * Refuses what could not be executed later.
     *
     * @throws IllegalArgumentException naming the action and what is wrong with it
     */
    static <I> BoundAction<I> of(Action<I> action) {
        String name = action.name();
        Kind kind = action.kind();
        if (name.isEmpty() || name.length() > Authorization.MAX_ACTION_NAME) {
            throw new IllegalArgumentException("The name of an action has 1 to 256 characters: "
                    + action.getClass().getName());
        }
        if (kind == Kind.TRANSACTIONAL) {
            throw new IllegalArgumentException("Action " + name + " is TRANSACTIONAL, which this version refuses");
        }
        return new BoundAction<>(action, kind);
    }

    PreparedAction<I> prepare(Json payload) throws InvalidInputException {
        I input = binder.bind(payload);
        try {
            action.check(input);
        } catch (RuntimeException | Error e) { // even an Error: nothing is claimed yet, so it can be a refusal
            LOG.log(
                    Level.WARNING,
                    "The check of action {0} threw {1}",
                    action.getClass().getName(),
                    Failures.trace(e));
            throw new InvalidInputException("check-error");
        }
        return new PreparedAction<>(action, kind, input);
    }
}
