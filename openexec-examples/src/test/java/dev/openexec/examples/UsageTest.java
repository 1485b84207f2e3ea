package dev.openexec.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UsageTest {

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @ParameterizedTest
    @ValueSource(strings = {"Quickstart", "agent.Agent", "embedded.Embedded", "journal.JournalExample"})
    void a_program_that_is_given_nothing_says_what_it_takes_and_ends_with_status_2(String program) throws Exception {
        String classPath = System.getProperty("java.class.path");

        Shell.Run run = Shell.run(Path.of(""), Map.of(), JAVA, "-cp", classPath, "dev.openexec.examples." + program);

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("usage: " + program + " ").hasLineCount(1);
    }
}
