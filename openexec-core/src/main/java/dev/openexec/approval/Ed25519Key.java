package dev.openexec.approval;

import java.util.Arrays;
import org.bouncycastle.math.ec.rfc8032.Ed25519.PublicPoint;

/**
 * An Ed25519 public key (RFC 8032 section 5.1.5) under the one strict profile: canonical, of prime order, not of small order.
 * Immutable and thread-safe.
 */
public final class Ed25519Key {

    private final byte[] bytes;
    private final PublicPoint point;

    private Ed25519Key(byte[] bytes) {
        this.bytes = bytes;
        this.point = Ed25519.strongKey(bytes)
                .orElseThrow(() -> new IllegalArgumentException("Not a canonical Ed25519 key of prime order"));
    }

    /**
     * {@return the key of its 32 bytes}
     *
     * @param bytes copied
     * @throws IllegalArgumentException unless they are a canonical point of prime order
     */
    public static Ed25519Key of(byte[] bytes) {
        return new Ed25519Key(bytes.clone());
    }

    /** {@return a copy of the 32 bytes} */
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * {@return whether this key signed this message} False for everything that is not exactly such a signature: 64 bytes, S
     * below the group's order, R canonical and of prime order.
     *
     * @param message of any length
     * @param signature of any length
     */
    public boolean verifies(byte[] message, byte[] signature) {
        return Ed25519.verify(point, message, signature);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ed25519Key key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "Ed25519Key";
    }
}
