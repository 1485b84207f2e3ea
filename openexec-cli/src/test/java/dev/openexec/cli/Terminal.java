package dev.openexec.cli;

import dev.openexec.json.Json;
import dev.openexec.json.MalformedJsonException;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Runs commands on one ledger, in this process. */
final class Terminal {

    private final Path file;
    private final InstantSource clock;
    private String in = "";
    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    Terminal(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
    }

    /** What the next command reads. */
    Terminal reading(String text) {
        in = text;
        return this;
    }

    /** Runs it and gives its exit status. */
    int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--db-url=jdbc:sqlite:" + file);
        return plain(all.toArray(String[]::new));
    }

    /** The same without naming the ledger. */
    int plain(String... arguments) {
        out = new StringWriter();
        err = new StringWriter();
        ByteArrayInputStream bytes = new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8));
        return new Tool(bytes, new PrintWriter(out), new PrintWriter(err), clock).run(arguments);
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }

    /** The documents that it printed. */
    List<Json> documents() {
        return out().lines().map(Terminal::parse).toList();
    }

    String member(String name) {
        return documents().get(0).get(name).orElseThrow().asString();
    }

    private static Json parse(String line) {
        try {
            return Json.parse(line);
        } catch (MalformedJsonException e) {
            throw new AssertionError(line, e);
        }
    }
}
