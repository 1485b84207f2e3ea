package dev.openexec.evidence;

import dev.openexec.approval.Ed25519Key;
import dev.openexec.json.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The public key of a log or of a witness (C2SP signed-note), by the name that its notes carry.
 *
 * @param name without space and plus sign: of a log its origin
 * @param type what it signs
 * @param key that verifies
 */
public record VerifierKey(String name, Type type, Ed25519Key key) {

    /** The signature types that are known here. */
    public enum Type {
        /** Notes themselves: 0x01. */
        NOTE(1),
        /** Checkpoints, with the time of the witness (C2SP tlog-cosignature): 0x04. */
        COSIGNATURE(4);

        private final byte number;

        Type(int number) {
            this.number = (byte) number;
        }
    }

    /** No plus sign, and no space of Unicode: some of those are control characters. */
    static final String NAME_CHARACTER = "[^\\p{Z}\\p{Cc}+]";

    private static final int ID_LENGTH = 4;
    private static final Pattern NAME = Pattern.compile(NAME_CHARACTER + "{1,255}");

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if no note can carry it
     */
    public VerifierKey {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("A key's name has 1 to 255 characters, no space and no plus sign");
        }
    }

    /**
     * {@return the key of its text}
     *
     * @param text {@code name+id+key}, as {@link #toString} gives it
     * @throws IllegalArgumentException if it is none; the message never repeats it
     */
    public static VerifierKey parse(String text) {
        String[] parts = text.split("\\+", 3); // base64 may have a plus sign too
        if (parts.length == 3) {
            byte[] typed = decode(parts[2]);
            for (Type type : Type.values()) {
                if (typed.length == 33 && typed[0] == type.number) {
                    Ed25519Key bytes = Ed25519Key.of(Arrays.copyOfRange(typed, 1, typed.length));
                    VerifierKey key = new VerifierKey(parts[0], type, bytes);
                    if (key.toString().equals(text)) {
                        return key;
                    }
                }
            }
        }
        throw new IllegalArgumentException("Not a verifier key: name+id+key, of the type Ed25519");
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    /** The key id of a note's signature lines. */
    byte[] id() {
        byte[] prefix = (name + "\n").getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(Digest.of(prefix, typed()).bytes(), ID_LENGTH);
    }

    private byte[] typed() {
        byte[] typed = new byte[33];
        typed[0] = type.number;
        System.arraycopy(key.bytes(), 0, typed, 1, 32);
        return typed;
    }

    /** {@return {@code name+id+key}: the id in hexadecimal digits, the key with its type before it in base64} */
    @Override
    public String toString() {
        return name + "+" + HexFormat.of().formatHex(id()) + "+"
                + Base64.getEncoder().encodeToString(typed());
    }
}
