package dev.openexec.evidence;

import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.json.Digest;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Cosigns the checkpoints of logs, each only if it goes on from the one before (C2SP tlog-witness, add-checkpoint): so no two
 * histories of one log are both cosigned. Thread-safe, and safe with others of the same key as long as they share its state.
 */
public final class Witness {

    /** The longest there is above the checkpoint: an old size of 19 digits, and 63 hashes, each 44 characters and a newline. */
    private static final int MAX_HEAD = "old ".length() + 19 + 63 * 45;

    /** What a witness must not forget. Thread-safe. */
    public interface State {
        /**
         * {@return the latest checkpoint of a log that was kept; empty if there is none}
         *
         * @param origin of the log
         * @throws IOException if that cannot be read
         */
        Optional<Checkpoint> latest(String origin) throws IOException;

        /**
         * Keeps a checkpoint in the place of another, durably before this returns.
         *
         * @param origin of the log
         * @param from what is kept by now; empty if nothing is
         * @param to what is to be kept
         * @return false if something else is kept by now: then nothing has changed
         * @throws IOException if it is not known to be kept
         */
        boolean advance(String origin, Optional<Checkpoint> from, Checkpoint to) throws IOException;
    }

    /**
     * What a witness answers.
     *
     * @param status as over HTTP: 200 with one cosignature line; 400 malformed; 403 not signed by the log; 404 another log;
     *     409 with the size that is kept; 422 not proven to go on from there
     * @param body with a newline at its end, or empty
     */
    public record Reply(int status, String body) {}

    private final Ed25519SigningKey key;
    private final VerifierKey verifierKey;
    private final Map<String, VerifierKey> logs = new HashMap<>();
    private final State state;
    private final InstantSource clock;

    /**
     * A witness.
     *
     * @param name of its key, without space and plus sign
     * @param key with which it cosigns
     * @param logs whose checkpoints it cosigns, one key for each
     * @param state what it has cosigned
     * @param clock its cosignatures say when
     * @throws IllegalArgumentException if no note can carry the name, if two keys are of one log, or one is not of a log
     */
    public Witness(String name, Ed25519SigningKey key, List<VerifierKey> logs, State state, InstantSource clock) {
        this.key = key;
        this.verifierKey = new VerifierKey(name, VerifierKey.Type.COSIGNATURE, key.publicKey());
        this.state = state;
        this.clock = clock;
        for (VerifierKey log : logs) {
            if (log.type() != VerifierKey.Type.NOTE || this.logs.put(log.name(), log) != null) {
                throw new IllegalArgumentException("A witness has one key for each log, of the type 0x01");
            }
        }
    }

    /**
     * {@return what {@link #addCheckpoint} takes}
     *
     * @param old the size of the checkpoint that the witness cosigned last, 0 if none
     * @param path the consistency proof from there
     * @param checkpoint signed by its log
     */
    public static String request(long old, List<Digest> path, String checkpoint) {
        StringBuilder request = new StringBuilder("old " + old + "\n");
        path.forEach(hash -> request.append(Base64s.encode(hash)).append('\n'));
        return request.append('\n').append(checkpoint).toString();
    }

    /**
     * {@return a checkpoint with the cosignature that a witness answered, in the place of an earlier one of its; empty if the answer
     * has none} Whatever else stands there is left out.
     *
     * @param checkpoint a signed note
     * @param answer the body of a reply with the status 200
     * @param witness its key
     */
    public static Optional<String> cosigned(String checkpoint, String answer, VerifierKey witness) {
        Optional<SignedNote> note = SignedNote.parse(checkpoint);
        return answer.lines()
                .flatMap(line -> SignedNote.signature(line).stream())
                .filter(line -> line.isBy(witness))
                .findFirst()
                .flatMap(line -> note.map(signed -> signed.with(line, witness)))
                .filter(cosigned ->
                        Cosignature.times(cosigned, witness).stream().allMatch(Optional::isPresent))
                .map(SignedNote::whole);
    }

    /** {@return the key that verifies its cosignatures} */
    public VerifierKey verifierKey() {
        return verifierKey;
    }

    /**
     * Cosigns a checkpoint, if it goes on from the one that was cosigned last.
     *
     * @param request {@code old} and a size, the hashes of a consistency proof, an empty line, the signed checkpoint
     * @return the answer
     * @throws IOException if the state cannot be read or kept: nothing is cosigned then
     */
    public Reply addCheckpoint(String request) throws IOException {
        Optional<Request> read = Request.read(request);
        if (read.isEmpty()) {
            return new Reply(400, "");
        }
        Checkpoint next = read.get().checkpoint;
        VerifierKey log = logs.get(next.origin());
        if (log == null) {
            return new Reply(404, "");
        }
        if (!read.get().note.isSignedBy(log)) {
            return new Reply(403, "");
        }
        Optional<Checkpoint> kept = state.latest(next.origin());
        long size = kept.map(Checkpoint::size).orElse(0L);
        boolean another =
                size == next.size() && kept.isPresent() && !kept.get().root().equals(next.root());
        if (read.get().old != size || another) {
            return conflict(size);
        }
        if (!goesOn(kept, next, read.get().path)) {
            return new Reply(422, "");
        }
        // Of a larger tree no cosignature is earlier: once this one is kept, a larger one may be cosigned.
        Instant now = clock.instant();
        if (!state.advance(next.origin(), kept, next)) {
            return conflict(state.latest(next.origin()).map(Checkpoint::size).orElse(0L));
        }
        return new Reply(200, Cosignature.line(read.get().note.text(), verifierKey.name(), key, now));
    }

    private static Reply conflict(long size) {
        return new Reply(409, size + "\n");
    }

    /** Nothing has to be proven of what follows an empty log. */
    private static boolean goesOn(Optional<Checkpoint> kept, Checkpoint next, List<Digest> path) {
        if (kept.map(Checkpoint::size).orElse(0L) == 0) {
            return path.isEmpty() && (next.size() > 0 || next.root().equals(MerkleTree.EMPTY_ROOT));
        }
        return TreeProof.extendsTo(kept.get().size(), kept.get().root(), next.size(), next.root(), path);
    }

    /** A request in its one form. */
    private record Request(long old, List<Digest> path, SignedNote note, Checkpoint checkpoint) {

        static Optional<Request> read(String text) {
            int blank = text.indexOf("\n\n");
            if (blank < 0 || blank > MAX_HEAD || !text.startsWith("old ")) {
                return Optional.empty();
            }
            String[] lines = text.substring(0, blank).split("\n", -1);
            Optional<Long> old = Checkpoint.number(lines[0].substring("old ".length()));
            List<Digest> path = new ArrayList<>();
            for (int i = 1; i < lines.length; i++) {
                Base64s.digest(lines[i]).ifPresent(path::add);
            }
            Optional<SignedNote> note = SignedNote.parse(text.substring(blank + 2));
            Optional<Checkpoint> checkpoint = note.flatMap(signed -> Checkpoint.parse(signed.text()));
            boolean whole = path.size() == lines.length - 1;
            return old.filter(size -> whole
                            && checkpoint.filter(next -> size <= next.size()).isPresent())
                    .map(size -> new Request(size, path, note.orElseThrow(), checkpoint.orElseThrow()));
        }
    }
}
