package dev.openexec.examples;

import dev.openexec.action.Action;
import dev.openexec.action.ActionContext;
import dev.openexec.action.InvalidInputException;
import dev.openexec.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;

/**
 * Appends a line to a file: an effect that must not happen twice. It does not say what kind it is, so it is
 * AT_MOST_ONCE, and an IOException means that nobody knows whether the line was written.
 */
public final class AppendLine implements Action<AppendLine.Input> {

    /**
     * What to append.
     *
     * @param line without a line break
     */
    public record Input(String line) {
        /** JSON may say null where a record expects a value. */
        public Input {
            Objects.requireNonNull(line);
        }
    }

    private final Path file;

    /**
     * An action on one file.
     *
     * @param file made where it is missing
     */
    public AppendLine(Path file) {
        this.file = file;
    }

    @Override
    public String name() {
        return "append-line";
    }

    @Override
    public Class<Input> inputType() {
        return Input.class;
    }

    @Override
    public void check(Input input) throws InvalidInputException {
        if (input.line().contains("\n")) {
            throw new InvalidInputException("line-break");
        }
    }

    @Override
    public Json run(Input input, ActionContext context) throws IOException {
        Files.writeString(file, input.line() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return Json.of(Map.of("appended", input.line()));
    }
}
