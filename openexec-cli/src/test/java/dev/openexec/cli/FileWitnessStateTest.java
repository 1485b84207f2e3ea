package dev.openexec.cli;

import static dev.openexec.cli.WitnessedLog.ORIGIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.evidence.Checkpoint;
import dev.openexec.json.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FileWitnessStateTest {

    private static final WitnessedLog LOG = WitnessedLog.fork(0, "a");
    private static final Checkpoint FIVE = LOG.checkpoint(5);
    private static final Checkpoint SEVEN = LOG.checkpoint(7);

    private @TempDir Path parent;
    private Path folder;
    private Path file;
    private FileWitnessState state;

    @BeforeEach
    void make() throws IOException {
        folder = parent.resolve("state");
        file = folder.resolve(Digest.ofUtf8(ORIGIN).hex());
        state = FileWitnessState.make(folder);
    }

    @Test
    void what_was_kept_is_there_for_who_opens_it_next() throws IOException {
        assertThat(state.latest(ORIGIN)).isEmpty();
        assertThat(state.advance(ORIGIN, Optional.empty(), FIVE)).isTrue();
        assertThat(FileWitnessState.open(folder).latest(ORIGIN)).contains(FIVE);
        assertThat(FileWitnessState.make(folder).advance(ORIGIN, Optional.of(FIVE), SEVEN))
                .isTrue();
        assertThat(state.latest(ORIGIN)).contains(SEVEN);
        assertThat(file).hasContent(SEVEN.text());
    }

    @Test
    void logs_are_kept_apart() throws IOException {
        Checkpoint other = new Checkpoint("example.org/../other", 3, FIVE.root());
        assertThat(state.advance(ORIGIN, Optional.empty(), FIVE)).isTrue();
        assertThat(state.advance(other.origin(), Optional.empty(), other)).isTrue();

        assertThat(state.latest(ORIGIN)).contains(FIVE);
        assertThat(state.latest(other.origin())).contains(other);
        assertThat(files()).hasSize(3);
    }

    @Test
    void what_was_not_expected_stays() throws IOException {
        FileWitnessState another = FileWitnessState.open(folder);
        assertThat(another.advance(ORIGIN, Optional.empty(), FIVE)).isTrue();

        assertThat(state.advance(ORIGIN, Optional.empty(), SEVEN)).isFalse();
        assertThat(state.advance(ORIGIN, Optional.of(SEVEN), SEVEN)).isFalse();
        assertThat(state.latest(ORIGIN)).contains(FIVE);
    }

    static Stream<byte[]> damages() {
        byte[] whole = FIVE.text().getBytes(StandardCharsets.UTF_8);
        byte[] noText = whole.clone();
        noText[0] = (byte) 0xff;
        Stream<byte[]> torn = IntStream.range(0, whole.length).mapToObj(length -> Arrays.copyOf(whole, length));
        Stream<String> others = Stream.of(
                FIVE.text() + "\n",
                FIVE.text() + "extension\n",
                FIVE.text().replace("5", "05"),
                FIVE.text().replace(ORIGIN, "example.org/other"),
                FIVE.text().replace("\n5\n", "\n0\n"));
        return Stream.concat(
                Stream.concat(torn, Stream.of(noText)), others.map(text -> text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Were it nothing, any history could be cosigned in its place. */
    @ParameterizedTest
    @MethodSource("damages")
    void what_is_damaged_is_never_nothing(byte[] damaged) throws IOException {
        Files.write(file, damaged);

        assertThatIOException().isThrownBy(() -> state.latest(ORIGIN));
        assertThatIOException().isThrownBy(() -> state.advance(ORIGIN, Optional.empty(), SEVEN));
        assertThatIOException().isThrownBy(() -> state.advance(ORIGIN, Optional.of(FIVE), SEVEN));
        assertThat(file).hasBinaryContent(damaged);
    }

    @Test
    void a_folder_in_the_place_of_what_was_kept_is_not_nothing() throws IOException {
        Files.createDirectory(file);

        assertThatIOException().isThrownBy(() -> state.latest(ORIGIN));
    }

    @Test
    void what_a_crash_left_half_written_is_of_no_matter() throws IOException {
        assertThat(state.advance(ORIGIN, Optional.empty(), FIVE)).isTrue();
        Files.writeString(fresh(), SEVEN.text().substring(1) + "rest\n".repeat(100));

        assertThat(state.latest(ORIGIN)).contains(FIVE);
        assertThat(state.advance(ORIGIN, Optional.of(FIVE), SEVEN)).isTrue();
        assertThat(file).hasContent(SEVEN.text());
        assertThat(files()).containsExactlyInAnyOrder(file, folder.resolve("lock"));
    }

    @Test
    void what_cannot_be_written_changes_nothing() throws IOException {
        assertThat(state.advance(ORIGIN, Optional.empty(), FIVE)).isTrue();
        Files.createDirectory(fresh());

        assertThatIOException().isThrownBy(() -> state.advance(ORIGIN, Optional.of(FIVE), SEVEN));
        assertThat(state.latest(ORIGIN)).contains(FIVE);
    }

    @Test
    void where_the_state_has_gone_nothing_is_kept_anew() throws IOException {
        Files.delete(folder.resolve("lock"));

        assertThatIOException().isThrownBy(() -> state.advance(ORIGIN, Optional.empty(), FIVE));
        assertThat(files()).isEmpty();
        assertThatThrownBy(() -> FileWitnessState.open(folder)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> FileWitnessState.open(parent.resolve("other")))
                .isInstanceOf(NoSuchFileException.class);
    }

    private Path fresh() {
        return file.resolveSibling(file.getFileName() + ".new");
    }

    private Stream<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList().stream();
        }
    }
}
