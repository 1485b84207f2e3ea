package dev.openexec.evidence;

import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.json.Digest;
import java.nio.charset.StandardCharsets;

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
        this.verifierKey = new VerifierKey(origin, VerifierKey.Type.NOTE, key.publicKey());
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
        String text = new Checkpoint(verifierKey.name(), size, root).text();
        byte[] signature = key.sign(text.getBytes(StandardCharsets.UTF_8));
        return text + "\n" + SignedNote.line(verifierKey.name(), verifierKey.id(), signature);
    }

    @Override
    public String toString() {
        return "LogKey[" + verifierKey.name() + "]";
    }
}
