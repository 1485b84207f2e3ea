package dev.openexec.testkit;

import dev.openexec.action.Action;
import dev.openexec.action.ActionContext;
import dev.openexec.action.Kind;
import dev.openexec.json.Json;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An action that remembers each time it was entered. Register it in place of a real one, and ask {@link #entered} how often
 * that would have run. Thread-safe.
 */
public final class RecordingAction implements Action<Json> {

    /** What happens once it is entered. */
    @FunctionalInterface
    public interface Effect {
        /**
         * As {@link Action#run}.
         *
         * @param input the payload
         * @param context what is known about this execution
         * @return the result, a JSON object
         * @throws Exception whatever the test is about
         */
        Json apply(Json input, ActionContext context) throws Exception;
    }

    private final String name;
    private final Kind kind;
    private final Effect effect;
    private final List<ActionContext> entries = new CopyOnWriteArrayList<>();
    private final CountDownLatch entered = new CountDownLatch(1);

    private RecordingAction(String name, Kind kind, Effect effect) {
        this.name = name;
        this.kind = kind;
        this.effect = effect;
    }

    /**
     * {@return an action that answers with the number of its entry: {@code {"entry": 1}}}
     *
     * @param name of the action
     * @param kind of the action
     */
    public static RecordingAction counting(String name, Kind kind) {
        AtomicInteger entry = new AtomicInteger();
        return of(name, kind, (input, context) -> Json.of(Map.of("entry", entry.incrementAndGet())));
    }

    /**
     * {@return an action with an effect of your own}
     *
     * @param name of the action
     * @param kind of the action
     * @param effect thread-safe
     */
    public static RecordingAction of(String name, Kind kind, Effect effect) {
        return new RecordingAction(name, kind, effect);
    }

    /**
     * {@return an action that waits, once it is entered, until the latch is open; then it answers as {@link #counting}}
     *
     * @param latch what every entry waits for
     * @param name of the action
     * @param kind of the action
     */
    public static RecordingAction waitingFor(CountDownLatch latch, String name, Kind kind) {
        AtomicInteger entry = new AtomicInteger();
        return of(name, kind, (input, context) -> {
            int number = entry.incrementAndGet();
            latch.await();
            return Json.of(Map.of("entry", number));
        });
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Kind kind() {
        return kind;
    }

    @Override
    public Class<Json> inputType() {
        return Json.class;
    }

    @Override
    public Json run(Json input, ActionContext context) throws Exception {
        entries.add(context);
        entered.countDown();
        return effect.apply(input, context);
    }

    /**
     * Waits until it was entered once.
     *
     * @throws InterruptedException if this thread is interrupted meanwhile
     * @throws AssertionError if it was not entered for a minute
     */
    public void awaitEntry() throws InterruptedException {
        if (!entered.await(1, TimeUnit.MINUTES)) {
            throw new AssertionError("The action " + name() + " was not entered");
        }
    }

    /** {@return how often it was entered} */
    public int entered() {
        return entries.size();
    }

    /** {@return the context of each entry, in order, as of now} */
    public List<ActionContext> entries() {
        return List.copyOf(entries);
    }
}
