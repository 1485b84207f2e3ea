package dev.openexec.examples.journal;

import static dev.openexec.examples.journal.JournalProcess.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.openexec.examples.Shell;
import dev.openexec.json.Digest;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore.Orphan;
import dev.openexec.store.Outcome.Verdict;
import dev.openexec.store.StoreException;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import dev.openexec.testkit.SampleClaims;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Beside the contract: crashes, torn lines, damage, a full disk. */
@Timeout(120)
final class JournalStoreTest {

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("ledger.journal");
    }

    private JournalStore open() {
        JournalStore store = new JournalStore(file);
        store.open(true, InstantSource.fixed(NOW));
        return store;
    }

    private static Claim claim(JournalStore store, String nonce) {
        Claim claim = SampleClaims.signed("acme", nonce, NOW).claim();
        assertThat(write(store, claim)).isEqualTo(Verdict.APPLIED);
        return claim;
    }

    private static Verdict write(JournalStore store, Claim claim) {
        return store.write(new Write.Insert(claim, null, null))
                .toCompletableFuture()
                .join()
                .verdict();
    }

    private static Optional<StoredExecution> find(JournalStore store, String nonce) {
        List<Digest> keys = SampleClaims.signed("acme", nonce, NOW).claim().keys();
        return store.find(keys).toCompletableFuture().join();
    }

    private static List<String> orphans(JournalStore store) {
        return store.orphans(null, 100).toCompletableFuture().join().stream()
                .map(Orphan::row)
                .map(row -> row.claim().nonce())
                .toList();
    }

    @Test
    void after_kill_9_at_any_time_everything_that_was_answered_is_there() throws Exception {
        Random random = new Random(17);
        Map<String, Boolean> answered = new HashMap<>();
        for (int round = 0; round < 4; round++) {
            try (JournalProcess process = JournalProcess.open(file)) {
                String line = process.ask("run " + round);
                for (int lines = random.nextInt(100); lines > 0; lines--) {
                    line = remember(answered, line, process);
                }
                process.kill();
                while (!line.equals("null")) { // what it had said before it died
                    line = remember(answered, line, process);
                }
            }
            try (JournalStore store = open()) {
                answered.forEach((nonce, ended) -> {
                    StoredExecution row = find(store, nonce).orElseThrow();
                    assertThat(ended && row.ending() == null).as(nonce).isFalse();
                    assertThat(write(
                                    store,
                                    SampleClaims.signed("acme", nonce, NOW).claim()))
                            .isEqualTo(Verdict.LOST);
                });
                assertThat(orphans(store)).hasSizeBetween(0, round + 1);
            }
        }
        assertThat(answered).hasSizeGreaterThan(50).containsValue(true);
    }

    private static String remember(Map<String, Boolean> answered, String line, JournalProcess process)
            throws Exception {
        String[] words = line.split(" ", -1);
        answered.put(words[1], words[0].equals("ended"));
        return process.answer();
    }

    @Test
    void a_process_that_has_it_open_keeps_every_other_out_until_it_dies() throws Exception {
        try (JournalProcess process = JournalProcess.open(file)) {
            assertThat(process.ask("claim n 1")).isEqualTo("APPLIED");

            assertThatThrownBy(this::open)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("another process has the journal open");

            process.kill();
            try (JournalStore store = open()) {
                assertThat(orphans(store)).containsExactly("n");
            }
        }
    }

    @Test
    void two_names_of_one_file_are_one_ledger() throws Exception {
        try (JournalStore store = open()) {
            claim(store, "n");
            Path link = Files.createSymbolicLink(folder.resolve("link"), file);
            try (JournalStore other = new JournalStore(link)) {
                other.open(true, InstantSource.fixed(NOW));
                assertThat(find(other, "n")).isPresent();
                assertThat(orphans(other)).isEmpty();
            }
        }
    }

    @Test
    void a_torn_last_line_is_cut_off_wherever_it_was_torn() throws Exception {
        try (JournalStore store = open()) {
            claim(store, "answered");
        }
        long sound = Files.size(file);
        try (JournalStore store = open()) {
            claim(store, "torn");
        }
        byte[] bytes = Files.readAllBytes(file);
        for (int length = (int) sound; length < bytes.length; length += 5) {
            Files.write(file, Arrays.copyOf(bytes, length));
            try (JournalStore store = open()) {
                assertThat(find(store, "answered")).isPresent();
                assertThat(find(store, "torn")).isEmpty();
            }
            assertThat(file).hasSize(sound);
        }
        try (JournalStore store = open()) {
            claim(store, "torn");
        }
    }

    @Test
    void any_other_damage_is_refused_and_nothing_is_cut() throws Exception {
        try (JournalStore store = open()) {
            claim(store, "n");
            claim(store, "m");
        }
        String[] lines = Files.readString(file).split("(?<=\n)", -1);
        byte[] bytes = Files.readAllBytes(file);
        for (int at = bytes.length - 1; at >= 0; at -= 11) { // the end of the last line included
            byte[] damaged = bytes.clone();
            damaged[at] ^= 1;
            assertRefused(damaged);
        }
        assertRefused((lines[0] + lines[1] + lines[3]).getBytes(StandardCharsets.UTF_8)); // a line was taken out
        assertRefused((lines[0] + lines[1] + lines[3] + lines[2]).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_file_of_another_kind_is_refused_and_left_alone() throws Exception {
        assertRefused("my only copy".getBytes(StandardCharsets.UTF_8));
        assertRefused("my only copy\n".getBytes(StandardCharsets.UTF_8));
    }

    private void assertRefused(byte[] content) throws Exception {
        Files.write(file, content);
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("the journal is damaged");
        assertThat(file).hasBinaryContent(content);
    }

    @Test
    void a_file_that_cannot_be_opened_stays_unlocked() throws Exception {
        Files.createDirectory(file);
        assertThatThrownBy(this::open).isInstanceOf(StoreException.class);
        Files.delete(file);

        open().close();
    }

    @Test
    void a_disk_that_is_full_within_the_first_line_leaves_nothing_that_would_be_refused() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "prlimit sets the limits of a process");
        try (JournalProcess process = JournalProcess.open(file, "prlimit", "--fsize=100")) {
            assertThat(process.answer()).isEqualTo("null"); // it has ended
        }
        assertThat(file).isEmptyFile();
        open().close();
    }

    @Test
    void on_a_full_disk_claims_are_refused_and_endings_land_when_there_is_room_again() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "prlimit changes the limits of a process");
        try (JournalProcess process = JournalProcess.open(file, "sh", "-c", "ulimit -S -f 64; exec \"$@\"", "sh")) {
            assertThat(process.ask("claim small 1")).isEqualTo("APPLIED");
            assertThat(process.ask("claim large 60000")).isEqualTo("STORE_UNAVAILABLE");
            assertThat(process.ask("claim also-small 1")).isEqualTo("APPLIED"); // over what is there of the large one
            assertThat(process.ask("end small 60000")).isEqualTo("STORE_UNAVAILABLE");
            assertThat(process.ask("beat")).isEqualTo("APPLIED");

            Shell.run(folder, Map.of(), "prlimit", "--pid", "" + process.pid(), "--fsize=unlimited");
            assertThat(process.ask("beat")).isEqualTo("APPLIED");
            process.kill();
        }
        try (JournalStore store = open()) {
            assertThat(find(store, "small").orElseThrow().ending()).isEqualTo(Ending.succeeded(NOW, "y".repeat(60000)));
            assertThat(find(store, "large")).isEmpty();
            assertThat(orphans(store)).containsExactly("also-small");
        }
    }
}
