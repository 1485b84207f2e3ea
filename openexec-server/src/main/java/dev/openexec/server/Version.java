package dev.openexec.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** The version of this build. */
final class Version {

    static final String CURRENT = read();

    /** As the reference writes times: UTC without saying so. */
    private static final DateTimeFormatter NAIVE_UTC =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS", Locale.ROOT);

    private Version() {}

    /** {@code GET /}. */
    static Reply service() {
        return Answer.ok(Map.of("service", "OpenExec", "status", "running", "version", CURRENT));
    }

    /** {@code GET /version}. */
    static Reply version(InstantSource clock) {
        String now = LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC).format(NAIVE_UTC);
        return Answer.ok(Map.of("version", CURRENT, "timestamp", now));
    }

    private static String read() {
        try (InputStream in = Version.class.getResourceAsStream("version.txt")) {
            if (in == null) {
                throw new IllegalStateException("version.txt is missing from this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
