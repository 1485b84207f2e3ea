package dev.openexec.evidence;

import dev.openexec.json.Digest;
import java.util.Base64;
import java.util.Optional;

/** Base64 (RFC 4648 section 4) in its one form: with padding, and nothing in the bits that do not count. */
final class Base64s {

    private Base64s() {}

    static String encode(Digest digest) {
        return Base64.getEncoder().encodeToString(digest.bytes());
    }

    static Optional<byte[]> decode(String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            return Base64.getEncoder().encodeToString(bytes).equals(text) ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static Optional<Digest> digest(String text) {
        return decode(text).filter(bytes -> bytes.length == 32).map(Digest::fromBytes);
    }
}
