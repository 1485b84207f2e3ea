package dev.openexec.campaigns;

import dev.openexec.action.ActionName;
import dev.openexec.action.Kind;

/** The witnessed effect, of this kind. */
@ActionName("pure")
public final class Pure extends Effect {

    /** For {@link java.util.ServiceLoader}. */
    public Pure() {
        super("pure", Kind.PURE);
    }
}
