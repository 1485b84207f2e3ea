package dev.openexec;

import dev.openexec.action.Action;
import dev.openexec.action.InvalidInputException;
import dev.openexec.action.Kind;
import dev.openexec.json.Digest;
import dev.openexec.json.Json;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A registered action with the binder of its input. What it says of itself is read once: what was checked holds. */
final class BoundAction<I> {

    private static final System.Logger LOG = System.getLogger(BoundAction.class.getName());

    private final Action<I> action;
    private final String name;
    private final Kind kind;
    private final InputBinder<I> binder;

    /**
     * Computed while the ledger is opened, so that no start waits for a large jar. On a thread of its own: a program's tasks
     * may fill the common pool for ever, and every request waits for this.
     */
    private final CompletableFuture<Optional<Digest>> digest;

    private BoundAction(Action<I> action, String name, Kind kind, InputBinder<I> binder) {
        this.action = action;
        this.name = name;
        this.kind = kind;
        this.binder = binder;
        this.digest = CompletableFuture.supplyAsync(
                () -> ActionCode.digest(action.getClass()),
                task -> Threads.daemons("digest").newThread(task).start());
    }

    /**
     * Refuses what could not be executed later.
     *
     * @throws IllegalArgumentException naming the action and what is wrong with it
     */
    static <I> BoundAction<I> of(Action<I> action) {
        String name = nameOf(action);
        if (name == null || name.isEmpty() || name.length() > Authorization.MAX_ACTION_NAME) {
            throw new IllegalArgumentException("The name of an action has 1 to 256 characters: "
                    + action.getClass().getName());
        }
        Kind kind = said(action, "kind", action::kind);
        if (kind == null) {
            throw new IllegalArgumentException("Action " + name + " is of no kind");
        }
        Class<I> inputType = said(action, "inputType", action::inputType);
        try {
            return new BoundAction<>(action, name, kind, InputBinder.of(inputType));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Action " + name + ": " + e.getMessage(), e);
        }
    }

    /**
     * What an action says its name is.
     *
     * @throws IllegalArgumentException if it throws instead
     */
    static String nameOf(Action<?> action) {
        return said(action, "name", action::name);
    }

    private static <T> T said(Action<?> action, String method, Supplier<T> answer) {
        try {
            return answer.get();
        } catch (RuntimeException | Error e) { // even an Error: it is the action's own, and it is not entered for it
            throw new IllegalArgumentException(
                    "Action " + action.getClass().getName() + " threw in " + method + "(): " + Failures.place(e), e);
        }
    }

    String name() {
        return name;
    }

    Kind kind() {
        return kind;
    }

    /** The digest of its code, if there is any; waits until it is known. */
    Optional<Digest> digest() {
        return digest.join();
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
        return new PreparedAction<>(action, kind, digest(), input);
    }
}
