package dev.openexec.examples.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.RefusedException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalExampleTest {

    @TempDir
    Path folder;

    @Test
    void a_line_is_appended_once_however_often_the_program_is_run() throws Exception {
        assertThat(append("n", "invoice 17")).isEqualTo("done: {\"appended\":\"invoice 17\"}");
        assertThat(append("n", "invoice 17")).isEqualTo("done before: {\"appended\":\"invoice 17\"}");
        assertThatThrownBy(() -> append("n", "invoice 18"))
                .isInstanceOf(RefusedException.class)
                .hasMessage("nonce-reused");
        assertThat(append("m", "invoice 18")).startsWith("done: ");
        assertThat(folder.resolve("book")).hasContent("invoice 17\ninvoice 18\n");
    }

    private String append(String nonce, String line) throws Exception {
        return JournalExample.append(folder, nonce, line);
    }
}
