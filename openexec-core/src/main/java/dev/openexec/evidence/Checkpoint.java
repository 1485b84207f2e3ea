package dev.openexec.evidence;

import dev.openexec.json.Digest;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How far a log is (C2SP tlog-checkpoint). By itself it is a claim: see who signed it.
 *
 * @param origin names the log, and nothing else
 * @param size of its tree, in leaves
 * @param root of its tree
 */
public record Checkpoint(String origin, long size, Digest root) {

    private static final Pattern DECIMAL = Pattern.compile("0|[1-9][0-9]{0,18}");

    /**
     * {@return the checkpoint of a note's text; empty if it is none} Lines after the third are extensions, which are there to be
     * ignored; none of them is empty.
     *
     * @param text of a note, with the newline at its end
     */
    public static Optional<Checkpoint> parse(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length < 4 || !lines[lines.length - 1].isEmpty() || lines[0].isEmpty()) {
            return Optional.empty();
        }
        for (int i = 3; i < lines.length - 1; i++) {
            if (lines[i].isEmpty()) {
                return Optional.empty();
            }
        }
        Optional<Digest> root = Base64s.digest(lines[2]);
        Optional<Long> size = number(lines[1]);
        return root.isEmpty() || size.isEmpty()
                ? Optional.empty()
                : Optional.of(new Checkpoint(lines[0], size.get(), root.get()));
    }

    /** A decimal number in its one form, up to 2^63 - 1. */
    static Optional<Long> number(String text) {
        if (!DECIMAL.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * {@return what a signed note says, whoever signed it; empty if it is no checkpoint}
     *
     * @param note C2SP signed-note
     */
    public static Optional<Checkpoint> claimed(String note) {
        return SignedNote.parse(note).flatMap(signed -> parse(signed.text()));
    }

    /**
     * {@return the checkpoint of a signed note; empty if it is none, or not signed by this key under its own name}
     *
     * @param note C2SP signed-note
     * @param key of the log whose origin is the key's name
     */
    public static Optional<Checkpoint> open(String note, VerifierKey key) {
        return SignedNote.parse(note)
                .filter(signed -> signed.isSignedBy(key))
                .flatMap(signed -> parse(signed.text()))
                .filter(checkpoint -> checkpoint.origin().equals(key.name()));
    }

    /** {@return the text that is signed} */
    public String text() {
        return origin + "\n" + size + "\n" + Base64s.encode(root) + "\n";
    }
}
