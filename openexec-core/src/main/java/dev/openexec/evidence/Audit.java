package dev.openexec.evidence;

import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.evidence.Verdict.Standing;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Examines a whole log, receipt by receipt: that it is the one that its checkpoint is of, that every execution in it begins
 * and ends once, and that no approval is spent twice. Immutable and thread-safe.
 *
 * <p>One log is examined by itself: an execution that goes on from a log before it, of which the ledger was restored, is taken
 * as it comes; the audit of that log finds it open.
 *
 * <p>It reads the receipts once and keeps, besides a few hashes, one of each execution that has no known ending, and two
 * small entries of each other: its id and, if it was approved, the key of the approval, less than 200 bytes together.
 */
public final class Audit {

    /** The most findings about single receipts that a report names. */
    public static final int MAX_FINDINGS = 1000;

    private final Policy policy;
    private final @Nullable ApprovalPolicy approvers;
    private final @Nullable String older;
    private final Function<UUID, Map<String, String>> documents;

    private Audit(
            Policy policy,
            @Nullable ApprovalPolicy approvers,
            @Nullable String older,
            Function<UUID, Map<String, String>> documents) {
        this.policy = policy;
        this.approvers = approvers;
        this.older = older;
        this.documents = documents;
    }

    /**
     * {@return an audit of logs}
     *
     * @param policy which log, and who has to have witnessed it
     */
    public static Audit of(Policy policy) {
        return new Audit(policy, null, null, execution -> Map.of());
    }

    /**
     * {@return the same that verifies approvals too, of the executions whose documents are there}
     *
     * @param approvers who may approve, and for whom
     * @throws IllegalArgumentException if nobody has to, under that policy
     */
    public Audit approvedBy(ApprovalPolicy approvers) {
        if (!approvers.signed()) {
            throw new IllegalArgumentException("Under that policy nobody approves");
        }
        return new Audit(policy, approvers, older, documents);
    }

    /**
     * {@return the same that compares with what the log was}
     *
     * @param checkpoint an older one that was kept: a log that does not go on from it is another
     */
    public Audit since(String checkpoint) {
        return new Audit(policy, approvers, checkpoint, documents);
    }

    /**
     * {@return the same that compares receipts with their documents}
     *
     * @param documents of an execution, by the names that its receipts call them; those that no receipt of it speaks of are
     *     not looked at. None is not a fault: documents may have been erased
     */
    public Audit withDocuments(Function<UUID, Map<String, String>> documents) {
        return new Audit(policy, approvers, older, documents);
    }

    /**
     * Examines a log.
     *
     * @param receipts all of them in their order
     * @param checkpoint of exactly these; if it is not trusted no receipt is read
     * @return what was found
     */
    public Report run(Iterator<String> receipts, String checkpoint) {
        Optional<TrustedCheckpoint> trusted = TrustedCheckpoint.of(policy, checkpoint);
        if (trusted.isEmpty()) {
            Finding untrusted = new Finding(0, Fault.CHECKPOINT_UNTRUSTED);
            return new Report(0, 0, 0, Optional.empty(), List.of(), List.of(untrusted));
        }
        AuditRun run = new AuditRun(policy, approvers, documents, trusted.get(), older);
        receipts.forEachRemaining(run::accept);
        return run.end();
    }

    /** How an audit ends. */
    public enum Result {
        /** Nothing is wrong or missing: every execution has ended, or is known to be in doubt. */
        COMPLETE,
        /** Nothing is wrong, but executions have not ended yet. */
        OPEN,
        /** Something is wrong. */
        FLAWED
    }

    /**
     * What an audit found.
     *
     * @param receipts how many there were
     * @param executions how many executions they are about
     * @param approved of how many of these the approval was verified again
     * @param standing of the checkpoint; empty if it is not trusted
     * @param open the intents that nothing follows, in their order
     * @param findings what is wrong with the log as a whole, and of what is wrong with single receipts the first {@link
     *     Audit#MAX_FINDINGS}
     */
    public record Report(
            long receipts,
            long executions,
            long approved,
            Optional<Standing> standing,
            List<Open> open,
            List<Finding> findings) {

        /** Copies the lists. */
        public Report {
            open = List.copyOf(open);
            findings = List.copyOf(findings);
        }

        /** {@return the worst of it} */
        public Result result() {
            if (!findings.isEmpty()) {
                return Result.FLAWED;
            }
            return open.isEmpty() ? Result.COMPLETE : Result.OPEN;
        }
    }

    /**
     * An execution that has not ended yet.
     *
     * @param executionId of it
     * @param index of its last intent
     */
    public record Open(UUID executionId, long index) {}

    /**
     * Something that is wrong.
     *
     * @param index of the receipt, from 0; of what is wrong with the log as a whole how many receipts had been read
     * @param fault what it is
     */
    public record Finding(long index, Fault fault) {
        @Override
        public String toString() {
            return (fault.isOfLog() ? "log" : "receipt " + index) + " " + fault.label();
        }
    }

    /** What can be wrong. The names are stable. */
    public enum Fault {
        /** The checkpoint is malformed, of no ledger's log, or not signed as the policy asks for. */
        CHECKPOINT_UNTRUSTED,
        /** There are fewer receipts than the checkpoint is of. */
        TRUNCATED,
        /** There are more receipts than the checkpoint is of. */
        UNCOVERED,
        /** These are not the receipts that the checkpoint is of: one was changed, dropped, added or moved. */
        CHANGED,
        /** The older checkpoint is malformed, of another log, or not signed by this one. */
        OLDER_UNTRUSTED,
        /** The log does not go on from the older checkpoint: there are two logs of that name. */
        FORKED,
        /** It is no receipt. */
        RECEIPT_MALFORMED,
        /** It is a receipt of another ledger. */
        LEDGER_FOREIGN,
        /** It is about no execution, and was made more than 60 s before such a one that stands before it. */
        TIME_DECREASED,
        /** It follows a receipt that is not there, is not the last of its execution, or that nothing like it may follow. */
        PREVIOUS_WRONG,
        /** Its execution has ended, or its doubt was settled, before. */
        ENDED_TWICE,
        /** Its execution has begun before. */
        EXECUTION_REPEATED,
        /** It says something else of its execution than the receipt before it. */
        EXECUTION_CHANGED,
        /** Its approval was spent by another execution before. */
        APPROVAL_REUSED,
        /** Nobody approved it, while what stands before it had to be approved. */
        APPROVAL_MISSING,
        /** A document is not the one that it speaks of, or says something else. */
        DOCUMENT_INVALID,
        /** No approver that is trusted has approved it: this request, for this tenant, at that time. */
        APPROVAL_INVALID;

        /** {@return the name in lower case, with hyphens} */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** Whether it is about the log as a whole, or a checkpoint of it, and about no receipt. */
        boolean isOfLog() {
            return switch (this) {
                case CHECKPOINT_UNTRUSTED, TRUNCATED, UNCOVERED, CHANGED, OLDER_UNTRUSTED, FORKED -> true;
                default -> false;
            };
        }

        /** Whether the execution is one all the same. */
        boolean isOfApprovals() {
            return this == APPROVAL_REUSED || this == APPROVAL_MISSING;
        }
    }
}
