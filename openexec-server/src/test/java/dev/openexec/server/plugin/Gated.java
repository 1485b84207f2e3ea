package dev.openexec.server.plugin;

import dev.openexec.action.Action;
import dev.openexec.action.ActionContext;
import dev.openexec.action.ActionName;
import dev.openexec.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;

/** An installed action whose effect is a connection to the test, and which ends when the test says so. */
@ActionName("gated")
public final class Gated implements Action<Gated.Input> {

    public record Input(int port) {}

    @Override
    public Class<Input> inputType() {
        return Input.class;
    }

    @Override
    public Json run(Input input, ActionContext context) throws IOException {
        try (Socket test = new Socket(InetAddress.getLoopbackAddress(), input.port())) {
            return Json.of(Map.of("told", test.getInputStream().read()));
        }
    }
}
