package dev.openexec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.json.Digest;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActionCodeTest {

    /** Stands for an action. */
    static final class Sample {}

    private static final String CLASS_FILE = Sample.class.getName().replace('.', '/') + ".class";

    private static final URLStreamHandler NO_CONNECTION = new URLStreamHandler() {
        @Override
        protected URLConnection openConnection(URL url) {
            throw new AssertionError("It reaches out");
        }
    };

    @TempDir
    Path folder;

    @Test
    void of_a_class_in_a_jar_it_is_the_jar_s() throws Exception {
        Path jar = folder.resolve("with space & ü.jar");
        write(jar, "1");
        try (URLClassLoader loader = loader(jar)) {
            assertThat(ActionCode.digest(sample(loader))).contains(Digest.of(Files.readAllBytes(jar)));
        }
    }

    @Test
    void it_stays_that_of_the_first_look_until_another_class_loader_brings_another_jar() throws Exception {
        Path jar = folder.resolve("action.jar");
        write(jar, "1");
        Digest first = Digest.of(Files.readAllBytes(jar));
        try (URLClassLoader loader = loader(jar)) {
            Class<?> sample = sample(loader);
            assertThat(ActionCode.digest(sample)).contains(first);
            Path next = folder.resolve("next.jar");
            write(next, "2");
            Files.move(next, jar, StandardCopyOption.REPLACE_EXISTING);
            assertThat(ActionCode.digest(sample)).contains(first);
        }
        try (URLClassLoader redeployed = loader(jar)) {
            assertThat(ActionCode.digest(sample(redeployed)))
                    .contains(Digest.of(Files.readAllBytes(jar)))
                    .isNotEqualTo(first);
        }
    }

    @Test
    void of_a_class_in_a_folder_it_is_the_class_file_s() throws Exception {
        assertThat(ActionCode.digest(Sample.class)).contains(Digest.of(classFile()));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "file:/absent/action.jar",
                "file://elsewhere/action.jar",
                "file:relative.jar",
                "file:/a b.jar",
                "jar:file:/outer.jar!/inner.jar",
                "jrt:/some.module",
                "nested:/outer.jar/!inner.jar"
            })
    void where_no_jar_can_be_read_it_is_the_class_file_s(@Nullable String location) throws Exception {
        assertThat(ActionCode.digest(from(location))).contains(Digest.of(classFile()));
    }

    @Test
    void of_a_class_that_never_was_a_file_there_is_none() {
        Object proxy = Proxy.newProxyInstance(
                ActionCodeTest.class.getClassLoader(), new Class<?>[] {Runnable.class}, (self, method, args) -> null);

        assertThat(ActionCode.digest(proxy.getClass())).isEmpty();
    }

    private static void write(Path jar, String version) throws Exception {
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(CLASS_FILE));
            zip.write(classFile());
            zip.putNextEntry(new ZipEntry(version));
        }
    }

    private static URLClassLoader loader(Path jar) throws MalformedURLException {
        return new URLClassLoader(new URL[] {jar.toUri().toURL()}, null);
    }

    private static Class<?> sample(ClassLoader loader) throws ClassNotFoundException {
        return loader.loadClass(Sample.class.getName());
    }

    private static byte[] classFile() throws Exception {
        try (InputStream file = ActionCodeTest.class.getClassLoader().getResourceAsStream(CLASS_FILE)) {
            return Objects.requireNonNull(file).readAllBytes();
        }
    }

    /** The class, defined by a loader that says it came from there. */
    private static Class<?> from(@Nullable String location) throws Exception {
        URL url = location == null ? null : new URL(null, location, NO_CONNECTION);
        CodeSource source = new CodeSource(url, (Certificate[]) null);
        byte[] file = classFile();
        return new ClassLoader(ActionCodeTest.class.getClassLoader()) {
            Class<?> sample() {
                return defineClass(
                        Sample.class.getName(), file, 0, file.length, new ProtectionDomain(source, null, this, null));
            }
        }.sample();
    }
}
