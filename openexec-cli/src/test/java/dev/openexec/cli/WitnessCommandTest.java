package dev.openexec.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.evidence.LogKey;
import dev.openexec.evidence.VerifierKey;
import dev.openexec.json.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code openexec witness} refuses before it serves. How it serves, {@link WitnessJarTest} shows. */
class WitnessCommandTest {

    private static final String LOG = WitnessedLog.KEY.verifierKey().toString();

    private @TempDir Path folder;
    private Path key;
    private Path state;
    private Terminal terminal;

    @BeforeEach
    void open() {
        key = folder.resolve("witness.key");
        state = folder.resolve("state");
        terminal = new Terminal(folder.resolve("none.db"), InstantSource.system());
    }

    private int run(String... more) {
        List<String> line = new ArrayList<>(List.of("witness", "--key", key.toString(), "--state", state.toString()));
        line.addAll(List.of(more));
        int status = terminal.plain(line.toArray(String[]::new));
        assertThat(terminal.out()).isEmpty();
        return status;
    }

    /** On an address that is taken: what is refused there was in order but for that. */
    private int start() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return run("--name", "w", "--log", LOG, "--listen", "127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void an_address_that_is_taken_is_refused() throws IOException {
        assertThat(start()).isEqualTo(Tool.UNAVAILABLE);
        assertThat(terminal.err()).startsWith("openexec: address-unusable: ");
        assertThat(key).exists();
        assertThat(start()).isEqualTo(Tool.UNAVAILABLE);
        assertThat(terminal.err()).startsWith("openexec: address-unusable: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "8090", "127.0.0.1", "127.0.0.1:", ":8090", "127.0.0.1:65536", "127.0.0.1:-1", "::1:8090"})
    void an_address_is_a_host_and_a_port(String listen) {
        assertThat(run("--name", "w", "--log", LOG, "--listen", listen)).isEqualTo(Tool.USAGE);
        assertThat(terminal.err()).startsWith("openexec: invalid-argument: --listen");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_log_has_one_key_and_it_is_of_a_log() {
        VerifierKey cosigns = new VerifierKey(
                "w",
                VerifierKey.Type.COSIGNATURE,
                WitnessedLog.KEY.verifierKey().key());
        LogKey rotated = new LogKey(WitnessedLog.ORIGIN, Ed25519SigningKey.generate());

        assertThat(run("--name", "w", "--log", "nonsense")).isEqualTo(Tool.USAGE);
        assertThat(terminal.err())
                .startsWith("openexec: invalid-argument: --log takes a verifier key")
                .doesNotContain("nonsense");
        assertThat(run("--name", "w", "--log", cosigns.toString())).isEqualTo(Tool.USAGE);
        assertThat(terminal.err()).contains("that of a witness");
        assertThat(run(
                        "--name",
                        "w",
                        "--log",
                        LOG,
                        "--log",
                        rotated.verifierKey().toString()))
                .isEqualTo(Tool.USAGE);
        assertThat(run("--name", "w")).isEqualTo(Tool.USAGE);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_log_s_key_is_not_the_name_of_its_file() throws IOException {
        Path file = Files.writeString(folder.resolve("log.key"), LOG + "\n");

        assertThat(run("--name", "w", "--log", file.toString())).isEqualTo(Tool.USAGE);
        assertThat(terminal.err())
                .startsWith("openexec: invalid-argument: --log takes the key itself, not the name of its file");
        assertThat(key).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a witness", "a+b", "a\u00a0b", "https://witness.example.org/w1"})
    void a_name_is_one_that_notes_can_carry(String name) {
        assertThat(run("--name", name, "--log", LOG)).isEqualTo(Tool.USAGE);
        assertThat(terminal.err()).startsWith("openexec: invalid-argument: --name");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_folder_that_the_key_would_be_in_is_not_made() throws IOException {
        key = folder.resolve("nowhere/witness.key");

        assertThat(start()).isEqualTo(Tool.UNAVAILABLE);
        assertThat(terminal.err())
                .startsWith("openexec: witness-key-unusable: ")
                .contains("there is no folder " + folder.resolve("nowhere") + System.lineSeparator());
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_key_that_others_may_read_or_that_is_none_is_refused() throws IOException {
        start();
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(start()).isEqualTo(Tool.CONFIGURATION);
        assertThat(terminal.err()).startsWith("openexec: witness-key-exposed: ");

        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(key, "openexec-witness-key-1 ");
        assertThat(start()).isEqualTo(Tool.DATA);
        assertThat(terminal.err()).startsWith("openexec: witness-key-invalid: ");
        assertThat(key).hasContent("openexec-witness-key-1 ");

        Files.delete(key);
        Files.createSymbolicLink(key, folder.resolve("nowhere"));
        assertThat(start()).isEqualTo(Tool.UNAVAILABLE);
        assertThat(terminal.err()).startsWith("openexec: witness-key-unusable: ");
    }

    /** It could cosign another history of what it has cosigned before. */
    @Test
    void a_key_without_what_it_has_cosigned_is_refused() throws IOException {
        start();
        Files.delete(state.resolve("lock"));

        assertThat(start()).isEqualTo(Tool.DATA);
        assertThat(terminal.err()).startsWith("openexec: witness-state-missing: ");
        state = folder.resolve("stale");
        assertThat(start()).isEqualTo(Tool.DATA);
        assertThat(state).doesNotExist();
    }

    @Test
    void a_state_that_is_damaged_is_refused() throws IOException {
        start();
        Files.createFile(state.resolve(Digest.ofUtf8(WitnessedLog.ORIGIN).hex()));

        assertThat(start()).isEqualTo(Tool.UNAVAILABLE);
        assertThat(terminal.err()).startsWith("openexec: witness-state-unusable: ");
        state = Files.createFile(folder.resolve("a file"));
        key = folder.resolve("other.key");
        assertThat(start()).isEqualTo(Tool.UNAVAILABLE);
        assertThat(terminal.err()).startsWith("openexec: witness-state-unusable: ");
        assertThat(key).doesNotExist();
    }
}
