package dev.openexec.evidence;

import dev.openexec.json.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * That a leaf stands in a log (C2SP tlog-proof), together with the checkpoint it is proven against. Nothing is verified
 * yet.
 *
 * @param index where the leaf stands
 * @param path the inclusion proof
 * @param checkpoint a signed note, with whatever cosignatures it has
 */
public record TlogProof(long index, List<Digest> path, String checkpoint) {

    private static final String HEADER = "c2sp.org/tlog-proof@v1";
    private static final int MAX_PATH = 63;

    /** Copies the path. */
    public TlogProof {
        path = List.copyOf(path);
    }

    /**
     * {@return the proof of its text; empty if that is not its one form} A line {@code extra} is allowed, and ignored.
     *
     * @param text as {@link #text} gives it
     */
    public static Optional<TlogProof> parse(String text) {
        int blank = text.indexOf("\n\n");
        if (blank < 0) {
            return Optional.empty();
        }
        String[] lines = text.substring(0, blank).split("\n", -1);
        int at = 1;
        if (!lines[0].equals(HEADER)) {
            return Optional.empty();
        }
        if (at < lines.length && lines[at].startsWith("extra ")) {
            if (Base64s.decode(lines[at].substring("extra ".length())).isEmpty()) {
                return Optional.empty();
            }
            at++;
        }
        if (at >= lines.length || !lines[at].startsWith("index ") || lines.length - at - 1 > MAX_PATH) {
            return Optional.empty();
        }
        Optional<Long> index = Checkpoint.number(lines[at].substring("index ".length()));
        List<Digest> path = new ArrayList<>();
        for (int i = at + 1; i < lines.length; i++) {
            Optional<Digest> hash = Base64s.digest(lines[i]);
            if (hash.isEmpty()) {
                return Optional.empty();
            }
            path.add(hash.get());
        }
        String checkpoint = text.substring(blank + 2);
        return index.filter(number -> SignedNote.parse(checkpoint).isPresent())
                .map(number -> new TlogProof(number, path, checkpoint));
    }

    /** {@return the text of a proof file} */
    public String text() {
        StringBuilder text =
                new StringBuilder(HEADER).append("\nindex ").append(index).append('\n');
        path.forEach(hash -> text.append(Base64s.encode(hash)).append('\n'));
        return text.append('\n').append(checkpoint).toString();
    }
}
