package dev.openexec.evidence;

import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.evidence.Audit.Fault;
import dev.openexec.evidence.Audit.Finding;
import dev.openexec.evidence.Audit.Open;
import dev.openexec.evidence.Audit.Report;
import dev.openexec.evidence.Verdict.Why;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One pass over the receipts of one log. Not thread-safe. */
final class AuditRun {

    private static final Duration TOLERANCE = Duration.ofSeconds(60);

    private final @Nullable ApprovalPolicy approvers;
    private final Function<UUID, Map<String, String>> documents;
    private final TrustedCheckpoint checkpoint;
    private final Optional<TrustedCheckpoint> older;
    private final TreeEdge tree = TreeEdge.empty();
    private final Executions executions;
    private final List<Finding> findings = new ArrayList<>();
    private Instant latest = Instant.MIN;
    private long approved;

    /**
     * @param checkpoint of the log
     * @param older one that was kept; null if none was
     */
    AuditRun(
            Policy policy,
            @Nullable ApprovalPolicy approvers,
            Function<UUID, Map<String, String>> documents,
            TrustedCheckpoint checkpoint,
            @Nullable String older) {
        this.approvers = approvers;
        this.documents = documents;
        this.checkpoint = checkpoint;
        this.older = older == null
                ? Optional.empty()
                : TrustedCheckpoint.of(policy, older).filter(checkpoint::isOfTheLogOf);
        this.executions = new Executions(checkpoint.log());
        if (older != null && this.older.isEmpty()) {
            findOfLog(Fault.OLDER_UNTRUSTED);
        }
        compareWithOlder();
    }

    void accept(String text) {
        long index = tree.size();
        tree.append(text, (level, subtree, root) -> {});
        compareWithOlder();
        try {
            LoggedReceipt receipt = LoggedReceipt.parse(text);
            checkLedger(index, receipt);
            checkTime(index, receipt);
            if (receipt.step().isPresent()) {
                checkExecution(index, receipt, receipt.step().get());
            }
        } catch (InvalidEvidence e) {
            find(index, Fault.RECEIPT_MALFORMED);
        }
    }

    Report end() {
        long size = tree.size();
        if (size != checkpoint.size()) {
            findOfLog(size < checkpoint.size() ? Fault.TRUNCATED : Fault.UNCOVERED);
        } else if (!tree.root().equals(checkpoint.root())) {
            findOfLog(Fault.CHANGED);
        }
        if (older.filter(kept -> kept.size() > size).isPresent()) {
            findOfLog(Fault.FORKED);
        }
        List<Open> open = new ArrayList<>();
        executions.open().forEach((id, index) -> open.add(new Open(id, index)));
        return new Report(size, executions.count(), approved, Optional.of(checkpoint.standing()), open, findings);
    }

    private void compareWithOlder() {
        older.ifPresent(kept -> {
            if (kept.size() == tree.size() && !kept.root().equals(tree.root())) {
                findOfLog(Fault.FORKED);
            }
        });
    }

    private void checkLedger(long index, LoggedReceipt receipt) {
        if (!checkpoint.ledgerId().equals(receipt.ledgerId())) {
            find(index, Fault.LEDGER_FOREIGN);
        }
    }

    /** But of executions: what had to wait, for a disk or a host that stood still, is older than what stands before it. */
    private void checkTime(long index, LoggedReceipt receipt) {
        if (receipt.phase().isOfExecution()) {
            return;
        }
        if (latest.isAfter(receipt.at().plus(TOLERANCE))) {
            find(index, Fault.TIME_DECREASED);
        }
        latest = latest.isAfter(receipt.at()) ? latest : receipt.at();
    }

    private void checkExecution(long index, LoggedReceipt receipt, Step step) {
        boolean begins = executions.begins(step);
        executions.accept(index, receipt, step).ifPresent(fault -> find(index, fault));
        Map<String, String> spokenOf = new HashMap<>();
        documents.apply(step.executionId()).forEach((name, text) -> {
            if (receipt.subjects().containsKey(name)) {
                spokenOf.put(name, text);
            }
        });
        try {
            // what follows speaks of the same request and the same approval
            if (ReceiptCheck.check(receipt, spokenOf, begins ? approvers : null).isPresent()) {
                approved++;
            }
        } catch (InvalidEvidence e) {
            find(index, e.why() == Why.APPROVAL_INVALID ? Fault.APPROVAL_INVALID : Fault.DOCUMENT_INVALID);
        }
    }

    /** Of these there are few, and however many receipts are wrong, they are the ones that say why. */
    private void findOfLog(Fault fault) {
        findings.add(new Finding(tree.size(), fault));
    }

    private void find(long index, Fault fault) {
        if (findings.size() < Audit.MAX_FINDINGS) {
            findings.add(new Finding(index, fault));
        }
    }
}
