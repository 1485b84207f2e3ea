package dev.openexec.store;

import dev.openexec.json.Digest;
import java.time.Instant;

/**
 * The approval that an execution spends.
 *
 * @param key the approval key: unique over the ledger, so that an approval is spent once
 * @param id the approval's own id
 * @param text the artifact, signatures included
 * @param issuedAt compared with the ledger's issue floor
 * @param expiresAt compared with the ledger's expiry floor
 */
public record SpentApproval(Digest key, String id, String text, Instant issuedAt, Instant expiresAt) {}
