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
     * The digest of the text's UTF-8 bytes.
     *
     * @throws IllegalArgumentException if the text has a lone surrogate: there is no UTF-8 for it, and Java would hash
     *     the bytes of another text
     */
    public static Digest ofUtf8(String text) {
        if (!Text.isWellFormed(text)) {
            throw new IllegalArgumentException("A text with a lone surrogate has no UTF-8 form");
        }
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The digest of the parts, one after the other, without separators. */
    public static Digest of(byte[]... parts) {
        MessageDigest sha256 = sha256();
        for (byte[] part : parts) {
            sha256.update(part);
        }
        return new Digest(sha256.digest());
    }

    /** The digest of what is left of the stream, which stays open. */
    public static Digest of(InputStream stream) throws IOException {
        MessageDigest sha256 = sha256();
        stream.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), sha256));
        return new Digest(sha256.digest());
    }

    /**
     * The digest of a label and of fields that each carry their length before them (four bytes, big-endian), so that
     * no two different lists of fields share one input.
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
     * A digest made elsewhere.
     *
     * @throws IllegalArgumentException unless there are exactly 32 bytes
     */
    public static Digest fromBytes(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("A SHA-256 digest has 32 bytes");
        }
        return new Digest(bytes.clone());
    }

    /** A copy of the 32 bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** 64 lower-case hexadecimal digits. */
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
