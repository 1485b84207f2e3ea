package dev.openexec.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
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
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a witness says stays true, whenever it dies and whoever else asks. */
class WitnessHistoryTest {

    private static final Ed25519SigningKey KEY =
            Ed25519SigningKey.of(Digest.ofUtf8("witness").bytes());
    private static final LogKey LOG = new LogKey(
            "example.org/log", Ed25519SigningKey.of(Digest.ofUtf8("log").bytes()));
    private static final int MOST = 40;

    private enum Death {
        NONE,
        BEFORE_IT_IS_KEPT,
        AFTER_IT_IS_KEPT
    }

    /** A disk, of a machine that dies now and then; and what somebody else does once, just before and after it is written. */
    private static final class Disk implements Witness.State {

        private Optional<Checkpoint> kept = Optional.empty();
        private Death death = Death.NONE;
        private Runnable before = () -> {};
        private Runnable after = () -> {};

        @Override
        public Optional<Checkpoint> latest(String origin) {
            return kept;
        }

        @Override
        public boolean advance(String origin, Optional<Checkpoint> from, Checkpoint to) throws IOException {
            Runnable first = before;
            before = () -> {};
            first.run();
            if (death == Death.BEFORE_IT_IS_KEPT) {
                throw new IOException("died");
            }
            if (!kept.equals(from)) {
                return false;
            }
            kept = Optional.of(to);
            if (death == Death.AFTER_IT_IS_KEPT) {
                throw new IOException("died");
            }
            Runnable last = after;
            after = () -> {};
            last.run();
            return true;
        }
    }

    private final Disk disk = new Disk();
    private final AtomicLong seconds = new AtomicLong(1_000);
    private final Witness witness = witness("example.org/w", LOG.verifierKey());

    private Witness witness(String name, VerifierKey... logs) {
        InstantSource clock = () -> Instant.ofEpochSecond(seconds.incrementAndGet());
        return new Witness(name, KEY, List.of(logs), disk, clock);
    }

    /** The leaves of a history that leaves the one they share after so many. */
    private static List<Digest> history(int shared, int number) {
        return IntStream.range(0, MOST)
                .mapToObj(i -> (i < shared ? "shared" : "history " + number) + " " + i)
                .map(leaf -> MerkleTree.leaf(leaf.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    private static TreeReader reader(List<Digest> leaves, int size) {
        return new TreeReader((level, first, count) -> leaves.subList((int) first, (int) first + count), size);
    }

    private static boolean isOf(List<Digest> leaves, Checkpoint checkpoint) {
        return reader(leaves, (int) checkpoint.size()).root().equals(checkpoint.root());
    }

    private static String request(List<Digest> leaves, int old, int size) {
        TreeReader reader = reader(leaves, size);
        StringBuilder request = new StringBuilder("old " + old + "\n");
        reader.consistency(old)
                .forEach(hash -> request.append(Base64.getEncoder().encodeToString(hash.bytes()))
                        .append('\n'));
        return request.append('\n').append(LOG.checkpoint(size, reader.root())).toString();
    }

    /** All that was answered, and all that was kept, was of one history: whatever was asked, and wherever it died. */
    @Property(tries = 300)
    void what_is_cosigned_is_one_history_through_every_death(@ForAll @IntRange(max = 20) int shared, @ForAll long seed)
            throws IOException {
        WitnessHistoryTest test = new WitnessHistoryTest();
        Random random = new Random(seed);
        List<List<Digest>> histories = List.of(history(shared, 0), history(shared, 1), history(shared, 2));
        List<Checkpoint> cosigned = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            int kept = test.disk.kept.map(Checkpoint::size).orElse(0L).intValue();
            int old = random.nextInt(8) == 0 ? random.nextInt(kept + 1) : kept;
            int size = old + random.nextInt(Math.min(4, MOST + 1 - old));
            List<Digest> leaves = histories.get(random.nextInt(3));
            test.disk.death = Death.values()[Math.max(0, random.nextInt(6) - 3)];
            try {
                if (test.witness.addCheckpoint(request(leaves, old, size)).status() == 200) {
                    cosigned.add(new Checkpoint(
                            "example.org/log", size, reader(leaves, size).root()));
                }
            } catch (IOException died) {
                assertThat(test.disk.death).isNotEqualTo(Death.NONE);
            }
            test.disk.kept.ifPresent(cosigned::add);
        }

        assertThat(cosigned).extracting(Checkpoint::size).isSorted();
        List<List<Digest>> whole = histories.stream()
                .filter(leaves -> cosigned.stream().allMatch(checkpoint -> isOf(leaves, checkpoint)))
                .toList();
        assertThat(whole).isNotEmpty();
        int kept = test.disk.kept.map(Checkpoint::size).orElse(0L).intValue();
        test.disk.death = Death.NONE;
        assertThat(test.witness.addCheckpoint(request(whole.get(0), kept, MOST)).status())
                .isEqualTo(200);
    }

    @Test
    void what_was_kept_and_never_answered_is_answered_when_it_is_asked_for_again() throws IOException {
        List<Digest> leaves = history(MOST, 0);
        disk.death = Death.AFTER_IT_IS_KEPT;
        assertThatThrownBy(() -> witness.addCheckpoint(request(leaves, 0, 7))).isInstanceOf(IOException.class);
        disk.death = Death.NONE;

        assertThat(witness.addCheckpoint(request(history(0, 1), 0, 9))).isEqualTo(new Reply(409, "7\n"));
        assertThat(witness.addCheckpoint(request(leaves, 7, 7)).status()).isEqualTo(200);
    }

    /** A cosignature says that at its time nothing larger had been seen (C2SP tlog-cosignature). */
    @Test
    void of_a_larger_tree_no_cosignature_is_earlier() throws IOException {
        List<Digest> leaves = history(MOST, 0);
        List<Reply> larger = new ArrayList<>();
        disk.after = () -> larger.add(another(request(leaves, 7, 9)));
        Reply smaller = witness.addCheckpoint(request(leaves, 0, 7));

        assertThat(time(leaves, 7, smaller)).isBeforeOrEqualTo(time(leaves, 9, larger.get(0)));
    }

    /** What a witness answers that shares the disk. */
    private Reply another(String request) {
        try {
            return witness("example.org/w", LOG.verifierKey()).addCheckpoint(request);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Both go on from what was kept when each looked. */
    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void of_two_that_ask_at_once_one_is_cosigned(int shared) throws IOException {
        if (shared > 0) {
            assertThat(another(request(history(shared, 0), 0, shared)).status()).isEqualTo(200);
        }
        List<Reply> others = new ArrayList<>();
        disk.before = () -> others.add(another(request(history(shared, 1), shared, 9)));
        Reply reply = witness.addCheckpoint(request(history(shared, 0), shared, 11));

        assertThat(others).extracting(Reply::status).containsExactly(200);
        assertThat(reply).isEqualTo(new Reply(409, "9\n"));
        assertThat(disk.kept)
                .hasValueSatisfying(
                        kept -> assertThat(isOf(history(shared, 1), kept)).isTrue());
    }

    private Instant time(List<Digest> leaves, int size, Reply reply) {
        String note = LOG.checkpoint(size, reader(leaves, size).root()) + reply.body();
        Policy policy =
                Policy.parse("log " + LOG.verifierKey() + "\nwitness w " + witness.verifierKey() + "\nquorum w\n");
        return policy.accept(note).orElseThrow().cosigned().get(0);
    }

    @Test
    void a_witness_that_could_not_answer_is_none() {
        LogKey rotated = new LogKey("example.org/log", Ed25519SigningKey.generate());

        assertThatIllegalArgumentException().isThrownBy(() -> witness("a name", LOG.verifierKey()));
        assertThatIllegalArgumentException().isThrownBy(() -> witness("w", LOG.verifierKey(), rotated.verifierKey()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> witness("w", new VerifierKey("l", VerifierKey.Type.COSIGNATURE, KEY.publicKey())));
    }
}
