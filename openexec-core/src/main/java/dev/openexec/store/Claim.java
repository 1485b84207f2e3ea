package dev.openexec.store;

import dev.openexec.action.Kind;
import dev.openexec.approval.Authority;
import dev.openexec.json.Digest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known about an execution before its action is entered.
 *
 * @param executionId unique over the ledger (UUIDv7, RFC 9562 section 5.7)
 * @param nonceKey unique over the ledger
 * @param untenantedNonceKey the key the same nonce has without a tenant. A row that stands under it protects the nonce
 *     in every tenant; equal to {@code nonceKey} for unsigned requests and imported rows
 * @param authority by what it was authorised
 * @param approval null exactly when the authority is not {@link Authority#V1}
 * @param requestHash SHA-256 of the canonical action and payload; zeros once they are erased
 * @param tenant {@code demo} for unsigned requests, empty for imported rows
 * @param nonce as the request carried it; empty once it is erased, as is the payload
 * @param action the action's name
 * @param kind what a crash may do to it
 * @param actionDigest SHA-256 of the code that the action came from, as of its executor's start: of its jar, or of its
 *     class file where there is no jar; null where that is not known, as for imported rows. Other code
 *     does not retry the claim; the same request is answered with its row whatever code is there by then
 * @param payload the canonical payload
 * @param token random, 128 bits, 32 hexadecimal digits: whoever holds it owns the claim
 * @param salt random, 128 bits, 32 hexadecimal digits; empty exactly if the execution was erased
 * @param claimedAt by the executor's clock; cut to the millisecond
 */
public record Claim(
        UUID executionId,
        Digest nonceKey,
        Digest untenantedNonceKey,
        Authority authority,
        @Nullable SpentApproval approval,
        Digest requestHash,
        String tenant,
        String nonce,
        String action,
        Kind kind,
        @Nullable Digest actionDigest,
        String payload,
        String token,
        String salt,
        Instant claimedAt) {

    private static final Digest ERASED_HASH = Digest.fromBytes(new byte[32]);

    /**
     * Cuts the time and checks that authority and approval agree.
     *
     * @throws IllegalArgumentException if a signed claim has no approval, or any other has one
     */
    public Claim {
        claimedAt = claimedAt.truncatedTo(ChronoUnit.MILLIS);
        if ((authority == Authority.V1) != (approval != null)) {
            throw new IllegalArgumentException("An approval is there exactly when the request is signed");
        }
    }

    /** {@return whether nothing is left that could tell what it was about} */
    public boolean isErased() {
        return salt.isEmpty();
    }

    /** {@return the same without payload, nonce and salt, the text of its approval, and the hash of its request} */
    Claim erased() {
        return new Claim(
                executionId,
                nonceKey,
                untenantedNonceKey,
                authority,
                approval == null ? null : approval.erased(),
                ERASED_HASH,
                tenant,
                "",
                action,
                kind,
                actionDigest,
                "",
                token,
                "",
                claimedAt);
    }

    /** {@return every key a standing row may have that stands in this claim's way, the approval key first} */
    public List<Digest> keys() {
        List<Digest> keys = new ArrayList<>(3);
        if (approval != null) {
            keys.add(approval.key());
        }
        keys.add(nonceKey);
        if (!untenantedNonceKey.equals(nonceKey)) {
            keys.add(untenantedNonceKey);
        }
        return keys;
    }

    /**
     * {@return the same held by another token}
     *
     * @param token random, 128 bits, 32 hexadecimal digits
     */
    public Claim heldBy(String token) {
        return new Claim(
                executionId,
                nonceKey,
                untenantedNonceKey,
                authority,
                approval,
                requestHash,
                tenant,
                nonce,
                action,
                kind,
                actionDigest,
                payload,
                token,
                salt,
                claimedAt);
    }
}
