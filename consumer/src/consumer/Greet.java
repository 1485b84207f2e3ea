package consumer;

import dev.openexec.action.Action;
import dev.openexec.action.ActionContext;
import dev.openexec.json.Json;
import java.util.Map;

final class Greet implements Action<Greet.Input> {

    record Input(String name) {}

    @Override
    public String name() {
        return "greet";
    }

    @Override
    public Class<Input> inputType() {
        return Input.class;
    }

    @Override
    public Json run(Input input, ActionContext context) {
        return Json.of(Map.of("greeting", "Hello, " + input.name()));
    }
}
