package dev.openexec.server.plugin;

import dev.openexec.action.Action;
import dev.openexec.action.ActionContext;
import dev.openexec.action.ActionName;
import dev.openexec.action.Kind;
import dev.openexec.json.Json;

/** An installed action that keeps the server from starting. */
@ActionName("throwing")
public final class Throwing implements Action<Json> {

    @Override
    public Kind kind() {
        throw new IllegalStateException("s3cr3t");
    }

    @Override
    public Class<Json> inputType() {
        return Json.class;
    }

    @Override
    public Json run(Json input, ActionContext context) {
        return input;
    }
}
