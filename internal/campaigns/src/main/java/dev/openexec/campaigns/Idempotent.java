package dev.openexec.campaigns;

import dev.openexec.action.ActionName;
import dev.openexec.action.Kind;

/** The witnessed effect, of this kind. */
@ActionName("idempotent")
public final class Idempotent extends Effect {

    /** For {@link java.util.ServiceLoader}. */
    public Idempotent() {
        super("idempotent", Kind.IDEMPOTENT);
    }
}
