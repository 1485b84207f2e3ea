package dev.openexec.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The public API of every published module is a text file, so that a change of it is seen as one. After a change that is
 * meant, copy what this test has written, from the root: {@code cp internal/checks/target/api/*
 * internal/checks/src/test/resources/api/}.
 */
class PublicApiTest {

    private static final Pattern LIBRARY =
            Pattern.compile("(?<![\\w.])(?!javax?\\.|dev\\.openexec\\.)[a-z]\\w*\\.[\\w.]*");

    @ParameterizedTest
    @ValueSource(
            strings = {"openexec-core", "openexec-testkit", "openexec-store-jdbc", "openexec-server", "openexec-cli"})
    void the_api_is_the_one_that_was_agreed_on(String module) throws IOException {
        Path actual = Files.createDirectories(Path.of("target", "api")).resolve(module + ".txt");
        Files.writeString(actual, Api.of(Project.main(module)));

        assertThat(actual).hasSameTextualContentAs(Path.of("src/test/resources/api", module + ".txt"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"openexec-core", "openexec-store-jdbc", "openexec-server", "openexec-cli"})
    void no_library_stands_in_a_signature(String module) {
        assertThat(LIBRARY.matcher(Api.of(Project.main(module))).results().map(found -> found.group()))
                .isEmpty();
    }

    @Test
    void the_core_has_at_most_39_public_types_and_14_for_who_checks_evidence() {
        Map<Boolean, Long> types = Api.types(Project.main("openexec-core"))
                .filter(JavaClass::isTopLevelClass)
                .collect(Collectors.partitioningBy(
                        type -> type.getPackageName().equals("dev.openexec.evidence"), Collectors.counting()));

        assertThat(types.get(false)).isBetween(1L, 39L);
        assertThat(types.get(true)).isBetween(1L, 14L);
    }
}
