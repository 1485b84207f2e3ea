package dev.openexec.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What only a few classes do, each of them named, and what none does. */
class NamedPlacesTest {

    private static final String SLEEP = "java\\.lang\\.Thread\\.sleep|java\\.util\\.concurrent\\.TimeUnit\\.sleep";

    @Test
    void time_comes_through_the_door() {
        assertThat(usersOf("java\\.time\\.\\w+\\.now"
                        + "|java\\.time\\.(InstantSource\\.system|Clock\\..*)"
                        + "|java\\.lang\\.System\\.currentTimeMillis"
                        + "|java\\.util\\.(Date|\\w*Calendar)\\..*"))
                .containsExactly(
                        "dev.openexec.Options",
                        "dev.openexec.cli.Main",
                        "dev.openexec.server.Assembly",
                        "dev.openexec.server.Server");
    }

    @Test
    void the_environment_is_read_by_the_server_s_main_class() {
        assertThat(usersOf("java\\.lang\\.System\\.getenv")).containsExactly("dev.openexec.server.Main");
    }

    @Test
    void system_properties_are_read_and_set_where_a_library_asks_for_it() {
        assertThat(usersOf("java\\.lang\\.System\\.(get|set|clear)Propert(y|ies)"))
                .containsExactly(
                        "dev.openexec.cli.WitnessServer",
                        "dev.openexec.server.Logging",
                        "dev.openexec.store.jdbc.NativeLibrary",
                        "dev.openexec.store.jdbc.SoleClassLoader");
    }

    @Test
    void nothing_prints_but_the_tool_and_the_server_s_start_and_last_words() {
        assertThat(usersOf("java\\.lang\\.System\\.(out|err)|.*\\.printStackTrace"))
                .containsExactly("dev.openexec.cli.Main", "dev.openexec.server.LastResort", "dev.openexec.server.Main");
    }

    @Test
    void nothing_ends_the_process_but_the_tool_and_the_server_s_start_and_last_words() {
        assertThat(usersOf("java\\.lang\\.(System|Runtime)\\.(exit|halt)"))
                .containsExactly(
                        "dev.openexec.cli.Main",
                        "dev.openexec.cli.WitnessCommand",
                        "dev.openexec.server.LastResort",
                        "dev.openexec.server.Main");
    }

    @Test
    void nothing_sleeps_not_even_a_test() {
        assertThat(usersOf(SLEEP)).isEmpty();
        assertThat(Project.TESTS.stream()
                        .flatMap(type -> type.getAccessesFromSelf().stream())
                        .filter(access -> target(access).matches(SLEEP))
                        .map(JavaAccess::getDescription))
                .isEmpty();
    }

    /** The classes that call, refer to or read what has such a name. Examples are programs of their own: they may. */
    private static Set<String> usersOf(String names) {
        return Project.accesses(access -> target(access).matches(names))
                .map(JavaAccess::getOriginOwner)
                .filter(owner -> !owner.getPackageName().startsWith("dev.openexec.examples"))
                .map(JavaClass::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String target(JavaAccess<?> access) {
        return access.getTargetOwner().getName() + "." + access.getTarget().getName();
    }
}
