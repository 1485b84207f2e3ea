package dev.openexec.server.plugin;

import dev.openexec.action.Action;
import dev.openexec.action.ActionContext;
import dev.openexec.action.ActionName;
import dev.openexec.json.Json;

/** An installed action one of whose threads finds no memory left. */
@ActionName("fatal")
public final class Fatal implements Action<Fatal.Input> {

    public record Input() {}

    @Override
    public Class<Input> inputType() {
        return Input.class;
    }

    @Override
    public Json run(Input input, ActionContext context) throws InterruptedException {
        Thread thread = new Thread(() -> {
            throw new OutOfMemoryError("s3cr3t");
        });
        thread.start();
        thread.join();
        return Json.emptyObject();
    }
}
