package dev.openexec.evidence;

import java.time.Instant;
import java.util.Locale;

/**
 * What evidence shows to whoever verifies it, with the keys that they trust. Immutable.
 *
 * <p>That a receipt is logged, and by whom that was witnessed, is one thing; that somebody approved what was executed is
 * another: {@link Approved} has both.
 */
public sealed interface Verdict {

    /**
     * It shows nothing: a part of it is not what it has to be, or contradicts another.
     *
     * @param why the first reason that was found
     */
    record Invalid(Why why) implements Verdict {
        @Override
        public String toString() {
            return "INVALID " + why.label();
        }
    }

    /** The receipt stands in the log, where nobody can change it unseen. */
    sealed interface Standing extends Verdict {}

    /**
     * The log's own key says so, and nobody else. Against who holds that key it shows nothing.
     */
    record Logged() implements Standing {
        @Override
        public String toString() {
            return "LOGGED";
        }
    }

    /**
     * Witnesses have seen that checkpoint and each before it, as many as the policy asks for or more.
     *
     * @param witnesses of the policy that cosigned it
     * @param of how many witnesses the policy knows
     * @param at by when all of these had: the latest of their times
     */
    record Witnessed(int witnesses, int of, Instant at) implements Standing {
        @Override
        public String toString() {
            return "WITNESSED " + witnesses + " of " + of + " at " + at;
        }
    }

    /**
     * The approval that was spent is there, and verifies again: signature, tenant, request, and that it could be spent when
     * the execution was claimed.
     *
     * @param approvalId its id, chosen by the issuer
     * @param standing of the receipt
     */
    record Approved(String approvalId, Standing standing) implements Verdict {
        @Override
        public String toString() {
            return "APPROVED " + standing;
        }
    }

    /** Why evidence shows nothing. The names are stable. */
    enum Why {
        /** The bundle is not the one form of receipt, proof and documents. */
        EVIDENCE_MALFORMED,
        /** The receipt is not a statement of this type in its one form, or its members do not agree. */
        RECEIPT_MALFORMED,
        /** The proof is no tlog-proof. */
        PROOF_MALFORMED,
        /** The checkpoint is malformed, or not signed by the log and by the witnesses that the policy asks for. */
        CHECKPOINT_UNTRUSTED,
        /** The log has no such receipt at that index, as far as the proof shows. */
        NOT_INCLUDED,
        /** The log is not one of the ledger that the receipt names. */
        LOG_FOREIGN,
        /** The receipt follows one that does not stand before it. */
        PREVIOUS_LATER,
        /** There is a document that the receipt does not speak of. */
        DOCUMENT_UNKNOWN,
        /** A document has another digest than the receipt says. */
        DOCUMENT_CHANGED,
        /** A document is not in its one form. */
        DOCUMENT_MALFORMED,
        /** A document says something else than the receipt or another document. */
        DOCUMENT_CONTRADICTS,
        /** No approver that the verifier trusts has approved this request, for this tenant, at that time. */
        APPROVAL_INVALID;

        /** {@return the name in lower case, with hyphens} */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
