package dev.openexec.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.evidence.Witness.Reply;
import dev.openexec.json.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WitnessTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Ed25519SigningKey KEY = Ed25519SigningKey.generate();
    private static final LogKey LOG = new LogKey("example.org/log", Ed25519SigningKey.generate());

    /** Keeps in memory what a witness keeps on its disk, and can fail before or after it has. */
    private static final class Memory implements Witness.State {

        private final Map<String, Checkpoint> kept = new HashMap<>();
        private boolean failing;

        @Override
        public synchronized Optional<Checkpoint> latest(String origin) {
            return Optional.ofNullable(kept.get(origin));
        }

        @Override
        public synchronized boolean advance(String origin, Optional<Checkpoint> from, Checkpoint to)
                throws IOException {
            if (failing) {
                throw new IOException("no disk");
            }
            if (!latest(origin).equals(from)) {
                return false;
            }
            kept.put(origin, to);
            return true;
        }
    }

    /** A history of a log, of which there may be several. */
    private static final class History {

        private final List<Digest> leaves = new ArrayList<>();

        History grow(int to, String how) {
            while (leaves.size() < to) {
                leaves.add(MerkleTree.leaf((how + leaves.size()).getBytes(StandardCharsets.UTF_8)));
            }
            return this;
        }

        private TreeReader reader(int size) {
            return new TreeReader(
                    (level, first, count) -> leaves.subList((int) first, (int) first + count), size); // below 256
        }

        String note(int size) {
            return LOG.checkpoint(size, reader(size).root());
        }

        String request(int old, int size) {
            StringBuilder request = new StringBuilder("old " + old + "\n");
            reader(size)
                    .consistency(old)
                    .forEach(hash -> request.append(Base64.getEncoder().encodeToString(hash.bytes()))
                            .append('\n'));
            return request.append('\n').append(note(size)).toString();
        }
    }

    private final Memory state = new Memory();
    private final Witness witness =
            new Witness("example.org/w", KEY, List.of(LOG.verifierKey()), state, InstantSource.fixed(NOW));
    private final Policy policy =
            Policy.parse("log " + LOG.verifierKey() + "\nwitness w " + witness.verifierKey() + "\nquorum w\n");
    private final History history = new History().grow(200, "a");

    @Test
    void what_goes_on_is_cosigned() throws IOException {
        int old = 0;
        for (int size : new int[] {0, 1, 2, 5, 5, 64, 100, 199, 200}) {
            Reply reply = witness.addCheckpoint(history.request(old, size));

            assertThat(reply.status()).isEqualTo(200);
            assertThat(policy.accept(history.note(size) + reply.body()))
                    .hasValueSatisfying(
                            accepted -> assertThat(accepted.cosigned()).containsExactly(NOW));
            assertThat(state.latest("example.org/log").orElseThrow().size()).isEqualTo(size);
            old = size;
        }
    }

    @Test
    void a_size_that_is_not_the_kept_one_is_told_the_kept_one() throws IOException {
        witness.addCheckpoint(history.request(0, 7));

        assertThat(witness.addCheckpoint(history.request(0, 9))).isEqualTo(new Reply(409, "7\n"));
        assertThat(witness.addCheckpoint(history.request(3, 5))).isEqualTo(new Reply(409, "7\n"));
        assertThat(witness.addCheckpoint(history.request(7, 7)).status()).isEqualTo(200);
    }

    @Test
    void another_history_is_not_cosigned() throws IOException {
        witness.addCheckpoint(history.request(0, 7));
        History other = new History().grow(6, "a").grow(20, "b");

        assertThat(witness.addCheckpoint(other.request(7, 7))).isEqualTo(new Reply(409, "7\n"));
        assertThat(witness.addCheckpoint(other.request(7, 20)).status()).isEqualTo(422);
        assertThat(state.latest("example.org/log").orElseThrow().root())
                .isEqualTo(history.reader(7).root());
    }

    @Test
    void what_another_key_signed_or_nobody_knows_is_refused() throws IOException {
        LogKey impostor = new LogKey("example.org/log", Ed25519SigningKey.generate());
        LogKey stranger = new LogKey("example.org/other", Ed25519SigningKey.generate());
        Digest root = history.reader(3).root();

        assertThat(witness.addCheckpoint("old 0\n\n" + impostor.checkpoint(3, root))
                        .status())
                .isEqualTo(403);
        assertThat(witness.addCheckpoint("old 0\n\n" + stranger.checkpoint(3, root))
                        .status())
                .isEqualTo(404);
        assertThat(state.latest("example.org/log")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "old 0", "old 0\n", "new 0\n\nX", "old 00\n\nX", "old -1\n\nX", "old 4\n\nX", "old 0\n!\n\nX"
            })
    void what_is_malformed_is_refused(String request) throws IOException {
        assertThat(witness.addCheckpoint(request.replace("X", history.note(3))).status())
                .isEqualTo(400);
    }

    /** 63 hashes are the most there can be (C2SP tlog-witness), and 19 digits the longest size. */
    @Test
    void the_longest_proof_is_looked_at_and_a_longer_one_is_malformed() throws IOException {
        Digest root = history.reader(5).root();
        state.kept.put("example.org/log", new Checkpoint("example.org/log", Long.MAX_VALUE - 1, root));
        String hash = Base64.getEncoder().encodeToString(root.bytes()) + "\n";
        String note = "\n" + LOG.checkpoint(Long.MAX_VALUE, root);
        String old = "old " + (Long.MAX_VALUE - 1) + "\n";

        assertThat(witness.addCheckpoint(old + hash.repeat(63) + note).status()).isEqualTo(422);
        assertThat(witness.addCheckpoint(old + hash.repeat(64) + note).status()).isEqualTo(400);
        assertThat(witness.addCheckpoint("old 0\n" + hash.repeat(64) + note).status())
                .isEqualTo(400);
    }

    @Test
    void nothing_is_cosigned_that_is_not_kept() throws IOException {
        state.failing = true;
        assertThatThrownBy(() -> witness.addCheckpoint(history.request(0, 7))).isInstanceOf(IOException.class);
        state.failing = false;

        assertThat(witness.addCheckpoint(new History().grow(9, "b").request(0, 9))
                        .status())
                .isEqualTo(200);
    }

    /** Whatever anybody asks for at the same time, all that is cosigned is one history. */
    @Test
    void two_histories_are_not_both_cosigned() throws Exception {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            long base = 4L * seed;
            Memory shared = new Memory();
            int fork = random.nextInt(100);
            List<History> histories = List.of(
                    new History().grow(fork, "a").grow(200, "b"),
                    new History().grow(fork, "a").grow(200, "c"));
            List<List<Integer>> cosigned = List.of(new ArrayList<>(), new ArrayList<>());
            CountDownLatch begin = new CountDownLatch(1);
            List<Thread> threads = IntStream.range(0, 4)
                    .mapToObj(
                            number -> asker(shared, histories, cosigned, number % 2, new Random(base + number), begin))
                    .toList();
            threads.forEach(Thread::start);
            begin.countDown();
            for (Thread thread : threads) {
                thread.join();
            }

            assertThat(cosigned.stream().filter(sizes -> sizes.stream().anyMatch(size -> size > fork)))
                    .as("seed " + seed)
                    .hasSizeLessThanOrEqualTo(1);
            assertThat(cosigned.get(0).size() + cosigned.get(1).size()).isPositive();
        }
    }

    private static Thread asker(
            Memory shared,
            List<History> histories,
            List<List<Integer>> cosigned,
            int which,
            Random random,
            CountDownLatch begin) {
        Witness own = new Witness("w", KEY, List.of(LOG.verifierKey()), shared, InstantSource.fixed(NOW));
        return new Thread(() -> {
            try {
                begin.await();
                for (int i = 0; i < 10; i++) {
                    int old = (int) (long) shared.latest("example.org/log")
                            .map(Checkpoint::size)
                            .orElse(0L);
                    int size = old + random.nextInt(201 - old);
                    if (own.addCheckpoint(histories.get(which).request(old, size))
                                    .status()
                            == 200) {
                        synchronized (cosigned) {
                            cosigned.get(which).add(size);
                        }
                    }
                }
            } catch (InterruptedException | IOException e) {
                throw new AssertionError(e);
            }
        });
    }
}
