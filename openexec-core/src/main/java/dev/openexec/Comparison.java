package dev.openexec;

import dev.openexec.Authorization.Authorized;
import dev.openexec.RefusedException.Reason;
import dev.openexec.approval.Approval;
import dev.openexec.approval.Authority;
import dev.openexec.approval.InvalidApprovalException;
import dev.openexec.json.Digest;
import dev.openexec.store.Claim;
import dev.openexec.store.SpentApproval;
import dev.openexec.store.StoredExecution;
import java.time.Instant;
import java.util.Optional;

/** Decides whether a request may be answered with a row that stands under its approval or its nonce. */
final class Comparison {

    private Comparison() {}

    /**
     * Passes if the row is this very request's. An approval that the row did not spend must still be spendable before
     * anything is said about the nonce.
     */
    static void requireSame(Authorized request, StoredExecution row, Instant now) throws RefusedException {
        Claim claim = row.claim();
        boolean sameNonce = claim.nonceKey().equals(request.nonceKey());
        boolean sameApproval = approvalKey(claim).equals(request.approvalKey());
        if (request.approvalKey().isPresent()) {
            if (sameApproval && !sameNonce) {
                throw new RefusedException(Reason.APPROVAL_ALREADY_USED);
            }
            if (!sameApproval) {
                requireSpendable(request, now);
            }
        }
        boolean same = sameNonce
                && sameApproval
                && mayAnswer(claim.authority(), request.authority())
                && (claim.isErased() || claim.requestHash().equals(request.requestHash()));
        if (!same) {
            throw new RefusedException(Reason.NONCE_REUSED);
        }
        if (claim.isErased()) { // what it asked for is not known any more
            throw new RefusedException(Reason.EXECUTION_ERASED);
        }
    }

    /** Passes if a new claim may spend the request's approval now, as far as can be known before the claim. */
    static void requireSpendable(Authorized request, Instant now, Instant issueFloor) throws RefusedException {
        requireSpendable(request, now);
        if (request.approval().isPresent()
                && request.approval().get().issuedAt().isBefore(issueFloor)) {
            throw new RefusedException(Reason.APPROVAL_BEFORE_LEDGER, "issue-floor");
        }
    }

    private static void requireSpendable(Authorized request, Instant now) throws RefusedException {
        Optional<Approval> approval = request.approval();
        if (approval.isPresent()) {
            try {
                approval.get().requireSpendableAt(now);
            } catch (InvalidApprovalException e) {
                throw Authorization.refusal(e);
            }
        }
    }

    /** What the Python reference recorded answers where nobody has to approve, and nowhere else. */
    private static boolean mayAnswer(Authority row, Authority request) {
        return row == request || (row == Authority.IMPORTED && request == Authority.UNSIGNED);
    }

    private static Optional<Digest> approvalKey(Claim claim) {
        return Optional.ofNullable(claim.approval()).map(SpentApproval::key);
    }
}
