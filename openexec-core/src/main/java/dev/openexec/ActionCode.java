package dev.openexec;

import dev.openexec.json.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The SHA-256 of the code an action came from: of its jar, as {@code sha256sum} prints it, or of its class file where there
 * is no jar that can be read as a file. It says which code was there at the start, to whoever trusts this process.
 */
final class ActionCode {

    /** A jar is read once, when it is first asked for. A class loader that brings another jar brings another domain. */
    private static final Map<ProtectionDomain, Digest> JARS = Collections.synchronizedMap(new WeakHashMap<>());

    private ActionCode() {}

    /** Empty for a class that was made at run time, such as a proxy. */
    static Optional<Digest> digest(Class<?> type) {
        Digest jar = JARS.computeIfAbsent(type.getProtectionDomain(), ActionCode::ofJar);
        return Optional.ofNullable(jar != null ? jar : ofClassFile(type));
    }

    private static @Nullable Digest ofJar(ProtectionDomain domain) {
        CodeSource source = domain.getCodeSource();
        if (source == null || source.getLocation() == null) {
            return null;
        }
        try {
            URI location = source.getLocation().toURI();
            if (!"file".equals(location.getScheme())) {
                return null;
            }
            try (InputStream jar = Files.newInputStream(Path.of(location))) {
                return Digest.of(jar);
            }
        } catch (URISyntaxException | IllegalArgumentException | IOException e) {
            return null; // a folder, as the error of reading it tells, or no file at all
        }
    }

    private static @Nullable Digest ofClassFile(Class<?> type) {
        String name = type.getName();
        try (InputStream file = type.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
            return file == null ? null : Digest.of(file);
        } catch (IOException e) {
            return null;
        }
    }
}
