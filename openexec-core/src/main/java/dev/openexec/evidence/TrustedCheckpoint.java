package dev.openexec.evidence;

import dev.openexec.evidence.Verdict.Standing;
import dev.openexec.json.Digest;
import java.util.Comparator;
import java.util.Optional;

/**
 * How far a ledger's log is, as those say whom a policy trusts.
 *
 * @param ledgerId of the ledger
 * @param log which of its logs
 * @param size of the tree, in leaves
 * @param root of the tree
 * @param standing who says so
 */
record TrustedCheckpoint(String ledgerId, long log, long size, Digest root, Standing standing) {

    /** The checkpoint of a note that the policy accepts; empty if it does not, or if it is of no ledger's log. */
    static Optional<TrustedCheckpoint> of(Policy policy, String note) {
        return policy.accept(note).flatMap(TrustedCheckpoint::of);
    }

    private static Optional<TrustedCheckpoint> of(Policy.Accepted accepted) {
        Checkpoint checkpoint = accepted.checkpoint();
        String origin = checkpoint.origin();
        return Position.ledgerOf(origin)
                .flatMap(ledgerId -> Position.logOf(origin, ledgerId)
                        .map(log -> new TrustedCheckpoint(
                                ledgerId, log, checkpoint.size(), checkpoint.root(), standing(accepted))));
    }

    private static Standing standing(Policy.Accepted accepted) {
        int witnesses = accepted.cosigned().size();
        return accepted.cosigned().stream()
                .max(Comparator.naturalOrder())
                .<Standing>map(at -> new Verdict.Witnessed(witnesses, accepted.witnesses(), at))
                .orElseGet(Verdict.Logged::new);
    }

    /** Whether it is of the same log. */
    boolean isOfTheLogOf(TrustedCheckpoint other) {
        return ledgerId.equals(other.ledgerId) && log == other.log;
    }
}
