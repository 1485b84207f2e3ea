package dev.openexec.cli;

import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.evidence.Checkpoint;
import dev.openexec.evidence.LogKey;
import dev.openexec.evidence.TreeReader;
import dev.openexec.json.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;

/** A log of 200 leaves, of which there may be several histories. */
final class WitnessedLog {

    static final int MOST = 200;
    static final String ORIGIN = "example.org/log";
    static final LogKey KEY =
            new LogKey(ORIGIN, Ed25519SigningKey.of(Digest.ofUtf8("log").bytes()));

    private final List<Digest> leaves;
    private final LogKey key;

    private WitnessedLog(List<Digest> leaves, LogKey key) {
        this.leaves = leaves;
        this.key = key;
    }

    /** A history that leaves the one that they share after so many leaves. */
    static WitnessedLog fork(int shared, String own) {
        List<Digest> leaves = IntStream.range(0, MOST)
                .mapToObj(i -> (i < shared ? "shared" : own) + " " + i)
                .map(leaf -> TreeReader.leaf(leaf.getBytes(StandardCharsets.UTF_8)))
                .toList();
        return new WitnessedLog(leaves, KEY);
    }

    /** The same leaves in the log of this key. */
    WitnessedLog of(LogKey other) {
        return new WitnessedLog(leaves, other);
    }

    private TreeReader reader(int size) {
        return new TreeReader((level, first, count) -> leaves.subList((int) first, (int) first + count), size);
    }

    Checkpoint checkpoint(int size) {
        return new Checkpoint(key.verifierKey().name(), size, reader(size).root());
    }

    String note(int size) {
        return key.checkpoint(size, reader(size).root());
    }

    /** What a witness is asked that has cosigned the old size. */
    String request(int old, int size) {
        StringBuilder request = new StringBuilder("old " + old + "\n");
        reader(size)
                .consistency(old)
                .forEach(hash -> request.append(Base64.getEncoder().encodeToString(hash.bytes()))
                        .append('\n'));
        return request.append('\n').append(note(size)).toString();
    }
}
