package dev.openexec.checks;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** All modules, as the reactor has just built them: byte code and sources. */
final class Project {

    private static final Pattern MODULE = Pattern.compile("<module>((?!internal/)[^<]+)</module>");

    static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

    /** The modules as the root pom names them, without the internal ones. */
    static final List<String> MODULES = modules();

    /** The byte code of every module, without tests. */
    static final JavaClasses MAIN = classes("target/classes");

    /** The byte code of every module's tests. */
    static final JavaClasses TESTS = classes("target/test-classes");

    private Project() {}

    /** The byte code of one module, without tests. */
    static JavaClasses main(String module) {
        return new ClassFileImporter().importPath(ROOT.resolve(module).resolve("target/classes"));
    }

    /** Every call, reference and field access in the byte code of the modules that fulfils a condition. */
    static Stream<JavaAccess<?>> accesses(Predicate<JavaAccess<?>> condition) {
        return MAIN.stream()
                .flatMap(type -> type.getAccessesFromSelf().stream())
                .filter(condition);
    }

    /** The Java files of every module below this folder. */
    static List<Path> sources(String folder) {
        return MODULES.stream()
                .map(module -> ROOT.resolve(module).resolve(folder))
                .filter(Files::isDirectory)
                .flatMap(Project::javaFiles)
                .toList();
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> modules() {
        return MODULE.matcher(read(ROOT.resolve("pom.xml")))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static JavaClasses classes(String folder) {
        return new ClassFileImporter()
                .importPaths(MODULES.stream()
                        .map(module -> ROOT.resolve(module).resolve(folder))
                        .filter(Files::isDirectory)
                        .toList());
    }

    private static Stream<Path> javaFiles(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
