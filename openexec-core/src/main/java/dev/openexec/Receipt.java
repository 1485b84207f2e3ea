package dev.openexec;

import dev.openexec.json.Digest;

/**
 * The version 1 receipt, byte-compatible with the Python reference: SHA-256 of {@code executionId + ":" + result}.
 *
 * <p>It shows that id, result and hash belong together. It is not signed and shows nothing about their origin: anyone can
 * compute one.
 *
 * @param executionId the id that was answered
 * @param result the result in Python's spaced form ({@code json.dumps(result, sort_keys=True)})
 * @param hash 64 lower-case hexadecimal digits
 */
public record Receipt(String executionId, String result, String hash) {

    /**
     * {@return the receipt of a result}
     *
     * @param executionId the id that is answered
     * @param result the result in Python's spaced form
     */
    public static Receipt of(String executionId, String result) {
        return new Receipt(executionId, result, hash(executionId, result));
    }

    /** {@return whether the hash is exactly that of the id and the result} */
    public boolean isValid() {
        return hash.equals(hash(executionId, result));
    }

    private static String hash(String executionId, String result) {
        return Digest.ofUtf8(executionId + ":" + result).hex();
    }

    /** Shows the hash, never the result. */
    @Override
    public String toString() {
        return "Receipt[" + hash + "]";
    }
}
