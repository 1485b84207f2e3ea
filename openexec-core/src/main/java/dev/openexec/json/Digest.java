package dev.openexec.json;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** A SHA-256 digest (FIPS 180-4) as a value: 32 bytes, compared by content. Immutable. */
public final class Digest {

    private static final int LENGTH = 32;

    private final byte[] bytes;

    private Digest(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * {@return the digest of the text's UTF-8 bytes}
     *
     * @param text well-formed Unicode
     * @throws IllegalArgumentException if the text has a lone surrogate: there is no UTF-8 for it, and Java would hash
     *     the bytes of another text
     */
    public static Digest ofUtf8(String text) {
        if (!Text.isWellFormed(text)) {
            throw new IllegalArgumentException("A text with a lone surrogate has no UTF-8 form");
        }
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * {@return the digest of the parts, one after the other, without separators}
     *
     * @param parts what is hashed, not kept
     */
    public static Digest of(byte[]... parts) {
        MessageDigest sha256 = sha256();
        for (byte[] part : parts) {
            sha256.update(part);
        }
        return new Digest(sha256.digest());
    }

    /**
     * {@return the digest of what is left of a stream}
     *
     * @param stream read to its end, and left open
     * @throws IOException if it cannot be read
     */
    public static Digest of(InputStream stream) throws IOException {
        MessageDigest sha256 = sha256();
        stream.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), sha256));
        return new Digest(sha256.digest());
    }

    /**
     * The digest of a label and of fields that each carry their length before them (four bytes, big-endian), so that
     * no two different lists of fields share one input.
     *
     * @param label ASCII, and no label the beginning of another: it keeps the uses of digests apart
     * @param fields what is hashed, not kept
     * @return the digest
     */
    public static Digest ofFields(String label, byte[]... fields) {
        MessageDigest sha256 = sha256();
        sha256.update(label.getBytes(StandardCharsets.US_ASCII));
        for (byte[] field : fields) {
            sha256.update(ByteBuffer.allocate(4).putInt(field.length).array());
            sha256.update(field);
        }
        return new Digest(sha256.digest());
    }

    /**
     * {@return a digest made elsewhere}
     *
     * @param bytes the digest itself, copied
     * @throws IllegalArgumentException unless there are exactly 32 bytes
     */
    public static Digest fromBytes(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("A SHA-256 digest has 32 bytes");
        }
        return new Digest(bytes.clone());
    }

    /** {@return a copy of the 32 bytes} */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** {@return 64 lower-case hexadecimal digits} */
    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Digest digest && Arrays.equals(bytes, digest.bytes);
    }

    @Override
    public int hashCode() {
        return ByteBuffer.wrap(bytes).getInt();
    }

    @Override
    public String toString() {
        return hex();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java platform has SHA-256", e);
        }
    }
}
