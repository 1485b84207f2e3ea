package dev.openexec.store;

import dev.openexec.json.Digest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The approval that an execution spends.
 *
 * @param key the approval key: unique over the ledger, so that an approval is spent once
 * @param id the approval's own id
 * @param text the artifact, signatures included
 * @param issuedAt cut to the millisecond; compared with the ledger's issue floor
 * @param expiresAt cut to the millisecond; compared with the ledger's expiry floor
 */
public record SpentApproval(Digest key, String id, String text, Instant issuedAt, Instant expiresAt) {

    /** Cuts the times. */
    public SpentApproval {
        issuedAt = issuedAt.truncatedTo(ChronoUnit.MILLIS);
        expiresAt = expiresAt.truncatedTo(ChronoUnit.MILLIS);
    }

    /** {@return the same without its text, which has its hashes and signatures} */
    SpentApproval erased() {
        return new SpentApproval(key, id, "", issuedAt, expiresAt);
    }

    /**
     * {@return whether it can no longer be spent, to the millisecond: at its expiry it still can}
     *
     * @param now by the executor's clock
     */
    public boolean hasExpiredAt(Instant now) {
        return now.truncatedTo(ChronoUnit.MILLIS).isAfter(expiresAt);
    }
}
