package dev.openexec.examples;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Commands of the documents, run as a reader runs them. */
public final class Shell {

    /** What a command printed, and how it ended. */
    public record Run(int status, String out, String err) {}

    private Shell() {}

    public static Run run(Path directory, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        Path err = Files.createTempFile("openexec", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(List.of(command))
                    .directory(directory.toAbsolutePath().toFile());
            builder.environment().putAll(environment);
            Process process = builder.redirectError(err.toFile()).start();
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Run(process.waitFor(), out, Files.readString(err));
        } finally {
            Files.delete(err);
        }
    }

    /** The version is the one that approve.sh needs. */
    public static void assumeOpenSsl3() throws InterruptedException {
        String version = "";
        try {
            version = run(Path.of(""), Map.of(), "openssl", "version").out();
        } catch (IOException e) {
            // there is none
        }
        assumeTrue(version.matches("(?s)OpenSSL ([3-9]|\\d\\d).*"), "OpenSSL 3 is not installed");
    }
}
