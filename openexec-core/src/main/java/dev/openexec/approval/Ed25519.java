package dev.openexec.approval;

import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc8032.Ed25519.PublicPoint;

/**
 * Pure Ed25519 (RFC 8032 section 5.1) under one strict profile: what is accepted here, BouncyCastle, the JDK, OpenSSL and
 * Go all accept. The only class that touches signatures.
 *
 * <p>BouncyCastle verifies the cofactored equation, so R is checked on its own: canonical and of prime order, like the
 * key. With both in the prime-order subgroup the cofactored and the cofactorless equation agree.
 */
final class Ed25519 {

    static final int KEY_LENGTH = 32;
    static final int SIGNATURE_LENGTH = 64;

    /** The order of the base point, 2^252 + 27742317777372353535851937790883648493, little-endian. */
    private static final byte[] L = {
        (byte) 0xed,
        (byte) 0xd3,
        (byte) 0xf5,
        0x5c,
        0x1a,
        0x63,
        0x12,
        0x58,
        (byte) 0xd6,
        (byte) 0x9c,
        (byte) 0xf7,
        (byte) 0xa2,
        (byte) 0xde,
        (byte) 0xf9,
        (byte) 0xde,
        0x14,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0x10
    };

    private Ed25519() {}

    /** The key's point, if the key has 32 bytes, is canonical, of prime order and not of small order. */
    static Optional<PublicPoint> strongKey(byte[] key) {
        if (key.length != KEY_LENGTH) {
            return Optional.empty();
        }
        return Optional.ofNullable(org.bouncycastle.math.ec.rfc8032.Ed25519.validatePublicKeyFullExport(key, 0));
    }

    /** Whether S is below the order of the base point (RFC 8032 section 5.1.7), so that a signature has one form. */
    static boolean hasCanonicalS(byte[] signature) {
        if (signature.length != SIGNATURE_LENGTH) {
            return false;
        }
        for (int i = KEY_LENGTH - 1; i >= 0; i--) {
            int difference = Byte.compareUnsigned(signature[KEY_LENGTH + i], L[i]);
            if (difference != 0) {
                return difference < 0;
            }
        }
        return false;
    }

    static boolean verify(PublicPoint key, byte[] message, byte[] signature) {
        return hasCanonicalS(signature)
                && org.bouncycastle.math.ec.rfc8032.Ed25519.verify(signature, 0, key, message, 0, message.length)
                && org.bouncycastle.math.ec.rfc8032.Ed25519.validatePublicKeyFull(
                        Arrays.copyOf(signature, KEY_LENGTH), 0);
    }

    /** The public key of a secret one (RFC 8032 section 5.1.5). */
    static byte[] publicKey(byte[] seed) {
        byte[] key = new byte[KEY_LENGTH];
        org.bouncycastle.math.ec.rfc8032.Ed25519.generatePublicKey(seed, 0, key, 0);
        return key;
    }

    /** The same seed and message always have the same signature (RFC 8032 section 5.1.6). */
    static byte[] sign(byte[] seed, byte[] key, byte[] message) {
        byte[] signature = new byte[SIGNATURE_LENGTH];
        org.bouncycastle.math.ec.rfc8032.Ed25519.sign(seed, 0, key, 0, message, 0, message.length, signature, 0);
        return signature;
    }
}
