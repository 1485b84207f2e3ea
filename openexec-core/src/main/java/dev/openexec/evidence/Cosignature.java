package dev.openexec.evidence;

import dev.openexec.approval.Ed25519SigningKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a witness signs (C2SP tlog-cosignature, type 0x04): a checkpoint, and when it had seen it and all before it. */
final class Cosignature {

    private static final int TIME_LENGTH = 8;

    private Cosignature() {}

    /** When this witness cosigned the note: for each line that is said to be its own, or empty for one that is bad. */
    static List<Optional<Instant>> times(SignedNote note, VerifierKey witness) {
        return note.linesOf(witness).stream()
                .map(line -> verify(note.text(), line.bytes(), witness))
                .toList();
    }

    private static Optional<Instant> verify(String text, byte[] signature, VerifierKey witness) {
        if (signature.length != TIME_LENGTH + 64) {
            return Optional.empty();
        }
        ByteBuffer buffer = ByteBuffer.wrap(signature);
        long seconds = buffer.getLong();
        byte[] ed25519 = new byte[64];
        buffer.get(ed25519);
        boolean inRange = seconds >= 0 && seconds <= Instant.MAX.getEpochSecond();
        return inRange && witness.key().verifies(message(seconds, text), ed25519)
                ? Optional.of(Instant.ofEpochSecond(seconds))
                : Optional.empty();
    }

    /** A line for the note of this text. */
    static String line(String text, String witness, Ed25519SigningKey key, Instant now) {
        long seconds = now.getEpochSecond();
        byte[] signature = ByteBuffer.allocate(TIME_LENGTH + 64)
                .putLong(seconds)
                .put(key.sign(message(seconds, text)))
                .array();
        VerifierKey verifier = new VerifierKey(witness, VerifierKey.Type.COSIGNATURE, key.publicKey());
        return SignedNote.line(witness, verifier.id(), signature);
    }

    static byte[] message(long seconds, String text) {
        return ("cosignature/v1\ntime " + seconds + "\n" + text).getBytes(StandardCharsets.UTF_8);
    }
}
