package dev.openexec.cli;

import dev.openexec.json.Json;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Prints every answer: to people in lines, with the text of others made printable, or in JSON, in its canonical form, which
 * is ASCII.
 */
final class Printer {

    private final PrintWriter out;
    private final boolean json;

    Printer(PrintWriter out, boolean json) {
        this.out = out;
        this.json = json;
    }

    /** One answer, a line for each member. */
    void document(Map<String, ?> members) {
        document(members, Map.of());
    }

    /** The same with recorded contents, which may be as deep as JSON goes here. */
    void document(Map<String, ?> members, Map<String, Json> contents) {
        if (json) {
            out.println(spliced(members, contents));
            return;
        }
        Map<String, String> lines = new LinkedHashMap<>();
        members.forEach((name, value) -> flatten(name, value, lines));
        contents.forEach((name, value) -> flatten(name, value.canonical(), lines));
        int width = lines.keySet().stream().mapToInt(String::length).max().orElse(0);
        lines.forEach((name, value) ->
                out.println((name + " ".repeat(width + 2 - name.length()) + value).stripTrailing()));
    }

    /** One of many answers, on a line of its own. */
    void line(Map<String, ?> members, String... shown) {
        if (json) {
            out.println(spliced(members, Map.of()));
        } else {
            out.println(Arrays.stream(shown)
                    .map(name -> members.containsKey(name) ? Printable.of(String.valueOf(members.get(name))) : "-")
                    .collect(Collectors.joining("  ")));
        }
    }

    private static void flatten(String name, Object value, Map<String, String> lines) {
        if (value instanceof Map<?, ?> nested) {
            nested.forEach((inner, of) -> flatten(name + "." + inner, String.valueOf(of), lines));
        } else {
            lines.put(name, Printable.of(String.valueOf(value)));
        }
    }

    /** Canonical text holds DEL as it is, which is not for a terminal. */
    private static String spliced(Map<String, ?> members, Map<String, Json> contents) {
        StringBuilder text = new StringBuilder(Json.of(members).canonical());
        contents.forEach((name, value) -> text.insert(text.length() - 1, ",\"" + name + "\":" + value.canonical()));
        return text.toString().replace("\u007f", "\\u007f");
    }
}
