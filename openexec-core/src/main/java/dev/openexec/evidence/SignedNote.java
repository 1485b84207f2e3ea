package dev.openexec.evidence;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text and lines with signatures of it (C2SP signed-note), of which nothing is verified yet.
 *
 * @param text with the newline at its end, which is what is signed
 * @param signatures one for each line, in their order
 */
record SignedNote(String text, List<Signature> signatures) {

    private static final int MAX_LENGTH = 1 << 20;
    private static final int MAX_SIGNATURES = 100;
    private static final int ID_LENGTH = 4;
    private static final Pattern LINE =
            Pattern.compile("\u2014 (" + VerifierKey.NAME_CHARACTER + "+) ([A-Za-z0-9+/]+={0,2})");

    /** One line: a key's name and id, and what stands behind them. */
    record Signature(String name, String base64) {

        /** With a newline at its end. */
        String line() {
            return "\u2014 " + name + " " + base64 + "\n";
        }

        boolean isBy(VerifierKey key) {
            return name.equals(key.name()) && Arrays.equals(Arrays.copyOf(all(), ID_LENGTH), key.id());
        }

        byte[] bytes() {
            return Arrays.copyOfRange(all(), ID_LENGTH, all().length);
        }

        private byte[] all() {
            return Base64.getDecoder().decode(base64);
        }
    }

    /** The note of its one text. */
    static Optional<SignedNote> parse(String note) {
        int blank = note.lastIndexOf("\n\n");
        boolean framed = blank > 0 && note.endsWith("\n") && blank + 2 < note.length() && note.length() <= MAX_LENGTH;
        if (!framed || !isPlain(note)) {
            return Optional.empty();
        }
        List<Signature> signatures = new ArrayList<>();
        for (String line : note.substring(blank + 2, note.length() - 1).split("\n", -1)) {
            Optional<Signature> signature = signature(line);
            if (signature.isEmpty() || signatures.size() == MAX_SIGNATURES) {
                return Optional.empty();
            }
            signatures.add(signature.get());
        }
        return Optional.of(new SignedNote(note.substring(0, blank + 1), signatures));
    }

    /** No control characters but newlines, and nothing that is no Unicode. */
    private static boolean isPlain(String note) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(note)
                && note.chars().allMatch(c -> c == '\n' || (c >= ' ' && c != 0x7f));
    }

    /** One line without its newline. */
    static Optional<Signature> signature(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Base64s.decode(matcher.group(2))
                .filter(bytes -> bytes.length > ID_LENGTH)
                .map(bytes -> new Signature(matcher.group(1), matcher.group(2)));
    }

    /** One line, with a newline at its end. */
    static String line(String name, byte[] id, byte[] signature) {
        byte[] bytes = Arrays.copyOf(id, id.length + signature.length);
        System.arraycopy(signature, 0, bytes, id.length, signature.length);
        return new Signature(name, Base64.getEncoder().encodeToString(bytes)).line();
    }

    /** The same with this line in the place of those that are said to be this key's. */
    SignedNote with(Signature line, VerifierKey key) {
        List<Signature> lines = new ArrayList<>(signatures);
        lines.removeIf(other -> other.isBy(key));
        lines.add(line);
        return new SignedNote(text, lines);
    }

    /** As it is parsed. */
    String whole() {
        StringBuilder note = new StringBuilder(text).append('\n');
        signatures.forEach(signature -> note.append(signature.line()));
        return note.toString();
    }

    /** The lines that are said to be this key's. */
    List<Signature> linesOf(VerifierKey key) {
        return signatures.stream().filter(line -> line.isBy(key)).toList();
    }

    /** Whether this key signed it: each of its lines is good, and there is one. */
    boolean isSignedBy(VerifierKey key) {
        List<Signature> lines = linesOf(key);
        byte[] signed = text.getBytes(StandardCharsets.UTF_8);
        return !lines.isEmpty() && lines.stream().allMatch(line -> key.key().verifies(signed, line.bytes()));
    }
}
