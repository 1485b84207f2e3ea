package dev.openexec;

import dev.openexec.json.Digest;
import java.nio.charset.StandardCharsets;

/**
 * The keys under which the ledger knows a nonce and an approval: hashes, so that no store has to care for collation,
 * length or normalisation.
 */
final class LedgerKeys {

    private LedgerKeys() {}

    static Digest nonce(String tenant, String nonce) {
        return Digest.ofFields("openexec/nonce/1", utf8(tenant), utf8(nonce));
    }

    /** The key of a nonce that is protected in every tenant. No tenant is empty. */
    static Digest untenantedNonce(String nonce) {
        return nonce("", nonce);
    }

    /** A version 1 approval has one use, number 0, as four bytes big-endian. */
    static Digest approval(String tenant, String approvalId) {
        return Digest.ofFields("openexec/approval/1", utf8(tenant), utf8(approvalId), new byte[4]);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
