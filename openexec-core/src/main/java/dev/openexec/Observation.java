package dev.openexec;

import dev.openexec.action.Kind;
import dev.openexec.store.Ending;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the stages have to tell of a call, in this order. No method throws or waits. Thread-safe. */
interface Observation {

    /** Of a call that nobody listens to. */
    Observation NONE = new Observation() {};

    default void arrived() {}

    default void admitted(String action, Kind kind) {}

    default void claiming() {}

    default void claimed(UUID executionId) {}

    default void entering(UUID executionId) {}

    default void ended(Ending ending) {}

    /** The caller is not kept waiting any longer. May be told at any time, also after the last. */
    default void overdue() {}

    /** Told before the permit is given back, so that a closing executor finds every last event in its queue. */
    default void answered(@Nullable Execution execution, @Nullable Throwable failure) {}
}
