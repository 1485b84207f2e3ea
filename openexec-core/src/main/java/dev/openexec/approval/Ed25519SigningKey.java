package dev.openexec.approval;

import java.security.SecureRandom;

/** An Ed25519 secret key (RFC 8032 section 5.1.5), for what an executor or a witness signs. Immutable and thread-safe. */
public final class Ed25519SigningKey {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] seed;
    private final Ed25519Key publicKey;

    private Ed25519SigningKey(byte[] seed) {
        this.seed = seed;
        this.publicKey = Ed25519Key.of(Ed25519.publicKey(seed));
    }

    /** {@return a new key, of the system's randomness} */
    public static Ed25519SigningKey generate() {
        byte[] seed = new byte[Ed25519.KEY_LENGTH];
        RANDOM.nextBytes(seed);
        return new Ed25519SigningKey(seed);
    }

    /**
     * {@return the key of its 32 secret bytes}
     *
     * @param seed copied
     * @throws IllegalArgumentException unless there are exactly 32
     */
    public static Ed25519SigningKey of(byte[] seed) {
        if (seed.length != Ed25519.KEY_LENGTH) {
            throw new IllegalArgumentException("An Ed25519 secret key has 32 bytes");
        }
        return new Ed25519SigningKey(seed.clone());
    }

    /** {@return a copy of the 32 secret bytes: keep them so} */
    public byte[] seed() {
        return seed.clone();
    }

    /** {@return the key that verifies what this one signs} */
    public Ed25519Key publicKey() {
        return publicKey;
    }

    /**
     * {@return the signature, 64 bytes, always the same for the same message}
     *
     * @param message of any length
     */
    public byte[] sign(byte[] message) {
        return Ed25519.sign(seed, publicKey.bytes(), message);
    }

    @Override
    public String toString() {
        return "Ed25519SigningKey";
    }
}
