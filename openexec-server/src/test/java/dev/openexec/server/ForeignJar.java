package dev.openexec.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The jar of an example that has a build of its own, made here of the same sources, so that no test waits for Maven. */
final class ForeignJar {

    private static final Path EXAMPLES = Path.of("..", "openexec-examples");
    private static final Pattern LIBRARY =
            Pattern.compile("openexec-core|openexec-store-jdbc|jackson-|bcprov|sqlite-jdbc");

    private ForeignJar() {}

    /** Another text in one of the sources. */
    record Change(String file, String from, String to) {}

    /** Compiles the sources, with these changes, against the libraries as modules. */
    static Path of(String example, Path folder, Change... changes) throws IOException {
        Path main = EXAMPLES.resolve(example).resolve(Path.of("src", "main"));
        Path sources = Files.createDirectory(folder.resolve(example + "-sources"));
        Path classes = Files.createDirectory(folder.resolve(example + "-classes"));
        List<String> files = new ArrayList<>();
        for (Path file : filesIn(main.resolve("java"))) {
            files.add(Files.writeString(sources.resolve(file.getFileName()), changed(file, changes))
                    .toString());
        }
        run("javac", Stream.of("--release", "17", "-p", libraries(), "-d", classes.toString()), files.stream());

        Path jar = folder.resolve(example + ".jar");
        Path resources = main.resolve("resources");
        run(
                "jar",
                Stream.of("--create", "--file", jar.toString(), "-C", classes.toString(), "."),
                Files.exists(resources) ? Stream.of("-C", resources.toString(), ".") : Stream.empty());
        return jar;
    }

    /** The module path of core and store. */
    static String libraries() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> LIBRARY.matcher(entry).find())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static String changed(Path file, Change... changes) throws IOException {
        String text = Files.readString(file);
        for (Change change : changes) {
            if (file.endsWith(change.file)) {
                assertThat(text).contains(change.from);
                text = text.replace(change.from, change.to);
            }
        }
        return text;
    }

    private static void run(String tool, Stream<String> options, Stream<String> more) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        int status = ToolProvider.findFirst(tool)
                .orElseThrow()
                .run(out, out, Stream.concat(options, more).toArray(String[]::new));
        assertThat(status).as(said.toString(StandardCharsets.UTF_8)).isZero();
    }
}
