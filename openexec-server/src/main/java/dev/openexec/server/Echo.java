package dev.openexec.server;

import dev.openexec.action.Action;
import dev.openexec.action.ActionContext;
import dev.openexec.action.ActionName;
import dev.openexec.action.Kind;
import dev.openexec.json.Json;
import java.util.Map;

/** Gives the payload back. */
@ActionName("echo")
final class Echo implements Action<Json> {

    @Override
    public Kind kind() {
        return Kind.PURE;
    }

    @Override
    public Class<Json> inputType() {
        return Json.class;
    }

    @Override
    public Json run(Json payload, ActionContext context) {
        return Json.of(Map.of("echo", payload));
    }
}
