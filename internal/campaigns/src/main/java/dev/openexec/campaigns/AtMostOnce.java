package dev.openexec.campaigns;

import dev.openexec.action.ActionName;
import dev.openexec.action.Kind;

/** The witnessed effect, of this kind. */
@ActionName("at-most-once")
public final class AtMostOnce extends Effect {

    /** For {@link java.util.ServiceLoader}. */
    public AtMostOnce() {
        super("at-most-once", Kind.AT_MOST_ONCE);
    }
}
