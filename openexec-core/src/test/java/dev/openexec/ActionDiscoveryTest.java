package dev.openexec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.action.Action;
import dev.openexec.action.ActionContext;
import dev.openexec.action.ActionName;
import dev.openexec.json.Json;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActionDiscoveryTest {

    /** A class file of a Java version that is still far away. */
    private static final byte[] FROM_THE_FUTURE = HexFormat.of().parseHex("cafebabe000000ff");

    @TempDir
    Path folder;

    abstract static class Plugin implements Action<Json> {
        @Override
        public Class<Json> inputType() {
            return Json.class;
        }

        @Override
        public Json run(Json input, ActionContext context) {
            return Json.emptyObject();
        }
    }

    @ActionName("refund")
    public static final class Refund extends Plugin {}

    @ActionName("bystander")
    public static final class Bystander extends Plugin {
        static {
            fail();
        }

        private static void fail() {
            throw new IllegalStateException("initialised");
        }
    }

    @ActionName("twin")
    public static final class TwinOne extends Plugin {}

    @ActionName("twin")
    public static final class TwinTwo extends Plugin {}

    @ActionName("broken")
    public static final class Broken extends Plugin {
        public Broken() {
            throw new IllegalStateException("s3cr3t");
        }
    }

    @ActionName("careless")
    public static final class Careless extends Plugin {
        public Careless() {
            Integer.parseInt("s3cr3t");
        }
    }

    @ActionName("two-faced")
    public static final class TwoFaced extends Plugin {
        @Override
        public String name() {
            return "other";
        }
    }

    @ActionName("mute")
    public static final class Mute extends Plugin {
        @Override
        public String name() {
            throw new IllegalStateException("s3cr3t");
        }
    }

    public abstract static class PublicPlugin extends Plugin {}

    @ActionName("intact")
    public static final class Intact extends PublicPlugin {}

    public static final class Nameless extends Plugin {}

    @ActionName("closed")
    public static final class Closed extends Plugin {
        Closed() {}
    }

    @Test
    void only_what_is_asked_for_is_made_and_nothing_else_is_initialised() {
        List<Action<?>> found = new ArrayList<>();

        assertThatCode(() -> found.addAll(ActionDiscovery.find(List.of("refund"))))
                .doesNotThrowAnyException(); // as the bystander and the broken one would
        assertThat(found).singleElement().isInstanceOf(Refund.class);
    }

    @Test
    void an_unknown_name_is_refused_with_those_there_are() {
        assertRefused("refnud", "No installed action is named refnud", "refund", "Nameless without @ActionName");
    }

    @Test
    void where_nothing_is_installed_a_name_is_refused_with_where_to_look() throws Throwable {
        inLoader(
                ClassLoader.getPlatformClassLoader(),
                () -> assertRefused("refund", "No installed action is named refund; none is installed: is its jar"));
    }

    @Test
    void a_name_that_two_carry_is_refused() {
        assertRefused("twin", "Several installed actions are named twin", "TwinOne", "TwinTwo");
    }

    @Test
    void an_action_whose_name_is_not_that_of_its_annotation_is_refused() {
        assertRefused("two-faced", "Action two-faced of", "TwoFaced has another name()");
    }

    @Test
    void an_action_that_throws_when_it_is_asked_for_its_name_is_refused() {
        assertRefused("mute", "Mute threw in name(): java.lang.IllegalStateException at dev.openexec");
    }

    @Test
    void an_action_that_cannot_be_made_is_refused_with_the_place_and_without_the_message() {
        assertThatThrownBy(() -> ActionDiscovery.find(List.of("refund", "broken")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Action broken cannot be made")
                .hasMessageContaining("IllegalStateException at dev.openexec.ActionDiscoveryTest$Broken.<init>")
                .hasMessageNotContaining("s3cr3t");
    }

    @Test
    void the_place_is_the_action_s_own_even_if_java_threw() {
        assertRefused(
                "careless", "(java.lang.NumberFormatException at dev.openexec.ActionDiscoveryTest$Careless.<init>");
    }

    @Test
    void an_action_whose_class_cannot_be_initialised_is_refused() {
        assertRefused("bystander", "Action bystander cannot be made", "ExceptionInInitializerError");
    }

    @ParameterizedTest
    @CsvSource({
        "com.example.Absent, com.example.Absent not found",
        "dev.openexec.Executor, dev.openexec.Executor not a subtype",
        "dev.openexec.ActionDiscoveryTest$Closed, dev.openexec.ActionDiscoveryTest$Closed",
        "FromTheFuture, more recent version of the Java Runtime"
    })
    void a_registration_of_no_action_is_refused_whoever_is_asked_for(String type, String message) throws Exception {
        Files.write(folder.resolve("FromTheFuture.class"), FROM_THE_FUTURE);
        register(type);

        assertThatThrownBy(() -> inFolder(() -> ActionDiscovery.find(List.of("refund"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("An installed action cannot be loaded")
                .hasMessageContaining(message);
    }

    @Test
    void an_annotation_that_cannot_be_read_is_refused_whoever_is_asked_for() throws Exception {
        Path classes = Files.createDirectories(folder.resolve("dev/openexec"));
        Files.write(classes.resolve("ActionDiscoveryTest$Damage.class"), damaged());
        register("dev.openexec.ActionDiscoveryTest$Damage");

        assertThatThrownBy(() -> inFolder(() -> ActionDiscovery.find(List.of("refund"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("An installed action cannot be loaded: the annotations of"
                        + " dev.openexec.ActionDiscoveryTest$Damage cannot be read");
    }

    /** The class {@code Intact} under another name, with an annotation that has no value. */
    private static byte[] damaged() throws Exception {
        try (InputStream intact = Intact.class.getResourceAsStream("ActionDiscoveryTest$Intact.class")) {
            String bytes = new String(intact.readAllBytes(), ISO_8859_1);
            assertThat(bytes).contains("\0\5value");
            return bytes.replace("$Intact", "$Damage")
                    .replace("\0\5value", "\0\5vague")
                    .getBytes(ISO_8859_1);
        }
    }

    @Test
    void nothing_is_looked_at_if_nothing_is_asked_for() throws Throwable {
        register("com.example.Absent");

        inFolder(() -> assertThat(ActionDiscovery.find(List.of())).isEmpty());
    }

    private static void assertRefused(String name, String... messages) {
        assertThatThrownBy(() -> ActionDiscovery.find(List.of("refund", name)))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .contains(messages);
    }

    private void register(String type) throws Exception {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(Action.class.getName()), type + "\n");
    }

    /** With the folder on the class path. */
    private void inFolder(ThrowingCallable test) throws Throwable {
        ClassLoader own = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, own)) {
            inLoader(loader, test);
        }
    }

    private static void inLoader(ClassLoader loader, ThrowingCallable test) throws Throwable {
        Thread thread = Thread.currentThread();
        ClassLoader own = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            test.call();
        } finally {
            thread.setContextClassLoader(own);
        }
    }
}
