package dev.openexec.examples.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedTest {

    @TempDir
    Path folder;

    @Test
    void what_becomes_of_each_request_is_counted() throws Exception {
        assertThat(counts())
                .containsExactly(
                        "ARRIVAL: 3",
                        "append-line CLAIM: 1",
                        "append-line ENDING: 1",
                        "append-line ENTRY: 1",
                        "append-line REFUSAL nonce-reused: 1",
                        "append-line REPLAY: 1",
                        "append-line SUCCESS: 1");
        assertThat(counts())
                .containsExactly("ARRIVAL: 3", "append-line REFUSAL nonce-reused: 1", "append-line REPLAY: 2");
        assertThat(folder.resolve("book")).hasContent("invoice 17\n");
    }

    private List<String> counts() throws Exception {
        return Embedded.run(folder).stream()
                .map(line -> line.replaceFirst(", \\d+ ms at most$", ""))
                .toList();
    }
}
