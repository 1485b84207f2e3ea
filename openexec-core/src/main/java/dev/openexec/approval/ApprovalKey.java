package dev.openexec.approval;

import dev.openexec.json.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Ed25519 public key of someone who may approve. Checked once, when it is loaded. Immutable. */
public final class ApprovalKey {

    private static final Pattern PEM_BLOCK =
            Pattern.compile("\\s*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]*)-----END PUBLIC KEY-----\\s*");

    /** The DER of an Ed25519 SubjectPublicKeyInfo up to the key itself (RFC 8410 section 4). */
    private static final byte[] SPKI_PREFIX = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

    private final Ed25519Key key;
    private final String id;

    private ApprovalKey(byte[] key) {
        this.key = Ed25519Key.of(key);
        this.id = Digest.of(SPKI_PREFIX, key).hex();
    }

    /**
     * The keys of one or more PEM blocks {@code PUBLIC KEY} (RFC 7468 section 13), nothing but white space around them.
     *
     * @param pem the blocks
     * @return the keys in the order of their blocks, unmodifiable
     * @throws IllegalArgumentException if anything in the text is not a strong Ed25519 key; the message never repeats it
     */
    public static List<ApprovalKey> fromPem(String pem) {
        List<ApprovalKey> keys = new ArrayList<>();
        Matcher block = PEM_BLOCK.matcher(pem);
        while (block.regionStart() < pem.length()) {
            if (!block.lookingAt()) {
                throw new IllegalArgumentException("Not a PEM block of type PUBLIC KEY");
            }
            keys.add(fromSpki(block.group(1)));
            block.region(block.end(), pem.length());
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("No PEM block of type PUBLIC KEY");
        }
        return List.copyOf(keys);
    }

    private static ApprovalKey fromSpki(String base64) {
        byte[] der = Base64.getMimeDecoder().decode(base64);
        boolean ed25519 = der.length == SPKI_PREFIX.length + Ed25519.KEY_LENGTH
                && Arrays.equals(der, 0, SPKI_PREFIX.length, SPKI_PREFIX, 0, SPKI_PREFIX.length);
        if (!ed25519) {
            throw new IllegalArgumentException("Not the SubjectPublicKeyInfo of an Ed25519 key");
        }
        return new ApprovalKey(Arrays.copyOfRange(der, SPKI_PREFIX.length, der.length));
    }

    /**
     * {@return the key of its 32 bytes (RFC 8032 section 5.1.5)}
     *
     * @param key the bytes, copied
     * @throws IllegalArgumentException unless they are a canonical point of prime order
     */
    public static ApprovalKey fromBytes(byte[] key) {
        return new ApprovalKey(key);
    }

    /** {@return the lower-case hexadecimal SHA-256 of the DER SubjectPublicKeyInfo} */
    public String id() {
        return id;
    }

    boolean verifies(byte[] message, byte[] signature) {
        return key.verifies(message, signature);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ApprovalKey key && id.equals(key.id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return "ApprovalKey[" + id + "]";
    }
}
