package dev.openexec.evidence;

import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.json.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** A log with its key, kept whole. */
final class TestLog {

    static final String ORIGIN = "openexec.dev/ledger/" + Draft.LEDGER + "/1";

    static final byte[] SEED = "the log's secret key, 32 letters".getBytes(StandardCharsets.US_ASCII);

    final List<String> receipts = new ArrayList<>();
    final LogKey key;

    TestLog() {
        this(ORIGIN);
    }

    TestLog(String origin) {
        key = new LogKey(origin, Ed25519SigningKey.of(SEED));
    }

    /** One that trusts the key of such a log, and asks for no witness. */
    static Verifier verifier() {
        return verifier(new TestLog().key.verifierKey());
    }

    static Verifier verifier(VerifierKey log) {
        return Verifier.of(policy(log));
    }

    static Policy policy(VerifierKey log) {
        return Policy.of(log);
    }

    /** The index of what is added. */
    long add(Draft draft) {
        receipts.add(draft.receipt());
        return receipts.size() - 1L;
    }

    Digest root() {
        return reader(receipts.size()).root();
    }

    String checkpoint() {
        return checkpoint(receipts.size());
    }

    String checkpoint(int size) {
        return key.checkpoint(size, reader(size).root());
    }

    String proof(long index) {
        return proof(index, checkpoint());
    }

    String proof(long index, String checkpoint) {
        StringBuilder proof = new StringBuilder("c2sp.org/tlog-proof@v1\nindex " + index + "\n");
        for (Digest hash : reader(receipts.size()).inclusion(index)) {
            proof.append(Base64.getEncoder().encodeToString(hash.bytes())).append('\n');
        }
        return proof.append('\n').append(checkpoint).toString();
    }

    /** Of a receipt that is added, with others around it. */
    static Evidence evidence(Draft draft) {
        TestLog log = new TestLog();
        return log.evidenceOf(draft);
    }

    Evidence evidenceOf(Draft draft) {
        for (int i = 0; i < 3; i++) {
            add(Draft.control());
        }
        long index = add(draft);
        add(Draft.control());
        return new Evidence(receipts.get((int) index), proof(index), draft.documents());
    }

    /** With the documents given in place of its own, which its subjects are of. */
    static Evidence evidence(Draft draft, Map<String, String> documents) {
        TestLog log = new TestLog();
        log.add(Draft.control());
        log.receipts.add(draft.receipt(documents));
        return new Evidence(log.receipts.get(1), log.proof(1), documents);
    }

    private TreeReader reader(int size) {
        return new TreeReader(this::hashes, size);
    }

    private List<Digest> hashes(int level, long first, int count) {
        List<Digest> hashes = new ArrayList<>();
        int leaves = 1 << (TreeEdge.TILE_HEIGHT * level);
        for (long i = first; i < first + count; i++) {
            TreeEdge edge = TreeEdge.empty();
            for (String receipt : receipts.subList((int) i * leaves, (int) (i + 1) * leaves)) {
                edge.append(receipt, (any, index, root) -> {});
            }
            hashes.add(edge.root());
        }
        return hashes;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
