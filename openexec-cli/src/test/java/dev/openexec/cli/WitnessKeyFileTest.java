package dev.openexec.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.approval.Ed25519SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

class WitnessKeyFileTest {

    private static final Ed25519SigningKey KEY = Ed25519SigningKey.generate();
    private static final String WHOLE =
            "openexec-witness-key-1 " + Base64.getEncoder().encodeToString(KEY.seed()) + "\n";

    private @TempDir Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("witness.key");
    }

    private void write(String text) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }

    @Test
    void a_key_is_made_once_and_only_its_owner_can_read_it() throws Exception {
        Ed25519SigningKey made = WitnessKeyFile.readOrMake(file);

        assertThat(WitnessKeyFile.readOrMake(file).seed()).isEqualTo(made.seed());
        assertThat(file)
                .hasContent("openexec-witness-key-1 " + Base64.getEncoder().encodeToString(made.seed()) + "\n");
        assertThat(Files.getPosixFilePermissions(file))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        assertThat(folder).isDirectoryContaining(file::equals);
        assertThat(folder.toFile().list()).hasSize(1);
        assertThat(WitnessKeyFile.readOrMake(folder.resolve("other")).seed()).isNotEqualTo(made.seed());
    }

    @Test
    void a_key_is_read_in_its_one_form() throws Exception {
        write(WHOLE);

        assertThat(WitnessKeyFile.readOrMake(file).seed()).isEqualTo(KEY.seed());
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.MATCH_ANY,
            names = {"GROUP_.*", "OTHERS_.*"})
    void a_key_that_others_may_use_is_refused(PosixFilePermission permission) throws Exception {
        write(WHOLE);
        Files.setPosixFilePermissions(
                file, Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, permission));

        assertThatThrownBy(() -> WitnessKeyFile.readOrMake(file))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("witness-key-exposed: ");
    }

    static Stream<String> foreign() {
        Stream<String> torn = IntStream.range(0, WHOLE.length()).mapToObj(length -> WHOLE.substring(0, length));
        Stream<String> others = Stream.of(
                WHOLE + "\n",
                WHOLE + WHOLE,
                " " + WHOLE,
                WHOLE.replace("witness", "log"),
                WHOLE.replace("key-1", "key-2"),
                WHOLE.replace("=\n", "\n"),
                "x".repeat(1000));
        return Stream.concat(torn, others);
    }

    @ParameterizedTest
    @MethodSource("foreign")
    void what_is_no_whole_key_is_refused_and_stays(String text) throws Exception {
        write(text);

        assertThatThrownBy(() -> WitnessKeyFile.readOrMake(file))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("witness-key-invalid: ")
                .hasMessageNotContaining(WHOLE.substring(23, 40));
        assertThat(Files.readString(file)).isEqualTo(text);
    }

    @Test
    void a_link_that_leads_nowhere_is_not_followed_to_make_a_key() throws Exception {
        Files.createSymbolicLink(file, folder.resolve("elsewhere"));

        assertThatThrownBy(() -> WitnessKeyFile.readOrMake(file)).isInstanceOf(IOException.class);
        assertThat(folder.resolve("elsewhere")).doesNotExist();
    }

    /** Two make it; two more look for it all the time, and never see half of it. */
    @Test
    void who_make_a_key_at_once_have_the_same() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 100; round++) {
                Path common = folder.resolve("key-" + round);
                CyclicBarrier barrier = new CyclicBarrier(4);
                Callable<String> maker = () -> {
                    barrier.await();
                    return seed(common);
                };
                Callable<String> onlooker = () -> {
                    barrier.await();
                    while (!WitnessKeyFile.isThere(common)) {
                        Thread.onSpinWait();
                    }
                    return seed(common);
                };
                List<String> seeds = new ArrayList<>();
                for (Future<String> seen : threads.invokeAll(List.of(maker, onlooker, maker, onlooker))) {
                    seeds.add(seen.get());
                }
                assertThat(seeds).containsOnly(seeds.get(0));
            }
        } finally {
            threads.shutdown();
        }
        assertThat(folder.toFile().list()).hasSize(100);
    }

    private static String seed(Path file) throws IOException, Refusal {
        return Base64.getEncoder()
                .encodeToString(WitnessKeyFile.readOrMake(file).seed());
    }
}
