package dev.openexec.evidence;

import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.json.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The secret key of a log, which signs its checkpoints. Immutable and thread-safe. */
public final class LogKey {

    private final VerifierKey verifierKey;
    private final Ed25519SigningKey key;

    /**
     * The key of one log.
     *
     * @param origin of the log
     * @param key its secret key
     * @throws IllegalArgumentException if no note can carry the origin
     */
    public LogKey(String origin, Ed25519SigningKey key) {
        this.verifierKey = new VerifierKey(origin, key.publicKey());
        this.key = key;
    }

    /** {@return the public key} */
    public VerifierKey verifierKey() {
        return verifierKey;
    }

    /**
     * {@return the checkpoint of a tree (C2SP tlog-checkpoint), as a signed note}
     *
     * @param size of the tree, in leaves
     * @param root of the tree
     */
    public String checkpoint(long size, Digest root) {
        String text =
                verifierKey.name() + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root.bytes()) + "\n";
        byte[] signature = key.sign(text.getBytes(StandardCharsets.UTF_8));
        byte[] line = ByteBuffer.allocate(4 + signature.length)
                .put(verifierKey.id())
                .put(signature)
                .array();
        return text + "\n\u2014 " + verifierKey.name() + " "
                + Base64.getEncoder().encodeToString(line) + "\n";
    }

    @Override
    public String toString() {
        return "LogKey[" + verifierKey.name() + "]";
    }
}
