package dev.openexec;

import dev.openexec.action.Action;
import dev.openexec.action.ActionContext;
import dev.openexec.action.Kind;
import dev.openexec.json.Json;

/** An action named {@code pay} that does what the test is about. */
record Doing(Kind kind, Body body) implements Action<Json> {

    /** As {@link Action#run}. */
    @FunctionalInterface
    interface Body {
        Json run(ActionContext context) throws Exception;
    }

    static Doing nothing() {
        return new Doing(Kind.AT_MOST_ONCE, context -> Json.emptyObject());
    }

    @Override
    public String name() {
        return "pay";
    }

    @Override
    public Class<Json> inputType() {
        return Json.class;
    }

    @Override
    public Json run(Json input, ActionContext context) throws Exception {
        return body.run(context);
    }
}
