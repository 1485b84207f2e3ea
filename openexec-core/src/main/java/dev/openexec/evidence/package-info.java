/**
 * What an auditor checks: the receipt log as a Merkle tree (RFC 6962, RFC 9162), its checkpoints and proofs (C2SP
 * {@code tlog-checkpoint}, {@code tlog-proof}, {@code tlog-tiles}) and the policy of whoever checks. Usable alone,
 * without an executor and without a database.
 */
@NullMarked
package dev.openexec.evidence;

import org.jspecify.annotations.NullMarked;
