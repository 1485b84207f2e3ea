package dev.openexec.evidence;

import dev.openexec.approval.Approval;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.evidence.Verdict.Standing;
import dev.openexec.evidence.Verdict.Why;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says what evidence shows, offline: with the keys that its user trusts, and nothing else. Immutable and thread-safe.
 */
public final class Verifier {

    private final Policy policy;
    private final @Nullable ApprovalPolicy approvers;

    private Verifier(Policy policy, @Nullable ApprovalPolicy approvers) {
        this.policy = policy;
        this.approvers = approvers;
    }

    /**
     * {@return a verifier that asks nobody about approvals}
     *
     * @param policy which log is trusted, and who has to have witnessed it
     */
    public static Verifier of(Policy policy) {
        return new Verifier(policy, null);
    }

    /**
     * {@return the same that verifies approvals too} A receipt that says it was approved for another tenant is then
     * {@link Why#APPROVAL_INVALID}.
     *
     * @param approvers who may approve, and for whom
     * @throws IllegalArgumentException if nobody has to, under that policy
     */
    public Verifier approvedBy(ApprovalPolicy approvers) {
        if (!approvers.signed()) {
            throw new IllegalArgumentException("Under that policy nobody approves");
        }
        return new Verifier(policy, approvers);
    }

    /**
     * {@return what evidence shows}
     *
     * @param bundle the text of {@link Evidence#json}; one newline at its end, as many programs leave it, is ignored
     */
    public Verdict verify(String bundle) {
        String text = bundle.endsWith("\n") ? bundle.substring(0, bundle.length() - 1) : bundle;
        return Evidence.parse(text).map(this::verify).orElseGet(() -> new Verdict.Invalid(Why.EVIDENCE_MALFORMED));
    }

    /**
     * {@return what evidence shows} A document that is missing makes nothing invalid, but without the request and the
     * approval nothing is shown to be approved.
     *
     * @param evidence of any origin
     */
    public Verdict verify(Evidence evidence) {
        try {
            LoggedReceipt receipt = LoggedReceipt.parse(evidence.receipt());
            Standing standing = standing(receipt, evidence);
            Optional<Approval> approval = ReceiptCheck.check(receipt, evidence.documents(), approvers);
            return approval.isEmpty()
                    ? standing
                    : new Verdict.Approved(approval.get().id(), standing);
        } catch (InvalidEvidence e) {
            return new Verdict.Invalid(e.why());
        }
    }

    private Standing standing(LoggedReceipt receipt, Evidence evidence) throws InvalidEvidence {
        TlogProof proof = TlogProof.parse(evidence.proof()).orElseThrow(() -> new InvalidEvidence(Why.PROOF_MALFORMED));
        TrustedCheckpoint checkpoint = TrustedCheckpoint.of(policy, proof.checkpoint())
                .orElseThrow(() -> new InvalidEvidence(Why.CHECKPOINT_UNTRUSTED));
        byte[] leaf = evidence.receipt().getBytes(StandardCharsets.UTF_8);
        require(
                TreeProof.includes(
                        MerkleTree.leaf(leaf), proof.index(), checkpoint.size(), proof.path(), checkpoint.root()),
                Why.NOT_INCLUDED);
        require(checkpoint.ledgerId().equals(receipt.ledgerId()), Why.LOG_FOREIGN);
        Position place = new Position(checkpoint.log(), proof.index());
        require(
                receipt.step()
                        .flatMap(Step::previous)
                        .filter(previous -> !previous.isBefore(place))
                        .isEmpty(),
                Why.PREVIOUS_LATER);
        return checkpoint.standing();
    }

    private static void require(boolean rule, Why why) throws InvalidEvidence {
        if (!rule) {
            throw new InvalidEvidence(why);
        }
    }
}
