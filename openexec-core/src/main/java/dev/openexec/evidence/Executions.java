package dev.openexec.evidence;

import dev.openexec.evidence.Audit.Fault;
import dev.openexec.json.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Follows the executions of one log, receipt by receipt: each begins once, goes on from its last receipt only, and ends once.
 * Not thread-safe.
 *
 * <p>It keeps the last receipt of each execution that may still go on, and of each that has ended its id and the key of its
 * approval, which are never used again.
 */
final class Executions {

    /** The last receipt of an execution that goes on: an intent, or that nobody knows. */
    private record Head(long index, LoggedReceipt receipt, Step step) {

        boolean isIntent() {
            return receipt.phase() == Phase.INTENT;
        }
    }

    /** 128 bits of a digest: no two approvals share them. */
    private record ApprovalKey(long high, long low) {

        static Optional<ApprovalKey> of(Step step) {
            return step.approval().map(id -> {
                byte[] tenant = step.tenant().getBytes(StandardCharsets.UTF_8);
                byte[] approval = id.getBytes(StandardCharsets.UTF_8);
                ByteBuffer digest = ByteBuffer.wrap(
                        Digest.ofFields("openexec/audit/1", tenant, approval).bytes());
                return new ApprovalKey(digest.getLong(), digest.getLong());
            });
        }
    }

    private final Position end; // of the log: every position before it is of a receipt in it or in a log before
    private final Map<UUID, Head> heads = new LinkedHashMap<>();
    private final Set<UUID> begun = new HashSet<>();
    private final Set<ApprovalKey> spent = new HashSet<>();
    private boolean signed;

    /**
     * @param log the number of the log among its ledger's
     */
    Executions(long log) {
        this.end = new Position(log, Long.MAX_VALUE);
    }

    /** How many have begun. */
    long count() {
        return begun.size();
    }

    /** The intents that nothing follows, by execution. */
    Map<UUID, Long> open() {
        Map<UUID, Long> open = new LinkedHashMap<>();
        heads.forEach((id, head) -> {
            if (head.isIntent()) {
                open.put(id, head.index());
            }
        });
        return open;
    }

    /** Whether the execution of this receipt has none before it in this log. */
    boolean begins(Step step) {
        return step.previous().filter(previous -> previous.log() == end.log()).isEmpty();
    }

    /** Takes the next receipt about an execution; what is wrong with it, if anything is. */
    Optional<Fault> accept(long index, LoggedReceipt receipt, Step step) {
        Optional<Fault> fault = begins(step) ? begin(step) : goOn(index, receipt, step);
        if (fault.isEmpty() || fault.get().isOfApprovals()) {
            keep(index, receipt, step);
        }
        return fault;
    }

    private Optional<Fault> begin(Step step) {
        if (step.previous().isPresent() && !step.previous().get().isBefore(end)) {
            return Optional.of(Fault.PREVIOUS_WRONG);
        }
        if (!begun.add(step.executionId())) {
            return Optional.of(Fault.EXECUTION_REPEATED);
        }
        Optional<ApprovalKey> key = ApprovalKey.of(step);
        if (key.isEmpty()) {
            return signed ? Optional.of(Fault.APPROVAL_MISSING) : Optional.empty();
        }
        signed = true;
        return spent.add(key.get()) ? Optional.empty() : Optional.of(Fault.APPROVAL_REUSED);
    }

    private Optional<Fault> goOn(long index, LoggedReceipt receipt, Step step) {
        Head head = heads.get(step.executionId());
        long previous = step.previous().orElseThrow().index();
        if (previous >= index) {
            return Optional.of(Fault.PREVIOUS_WRONG);
        }
        if (head == null) {
            boolean ended = begun.contains(step.executionId());
            return Optional.of(ended ? Fault.ENDED_TWICE : Fault.PREVIOUS_WRONG);
        }
        if (previous != head.index()) {
            boolean superseded = !head.isIntent() && receipt.phase() != Phase.INTENT;
            return Optional.of(superseded ? Fault.ENDED_TWICE : Fault.PREVIOUS_WRONG);
        }
        if (!step.isOfTheSameAs(head.step()) || !sameDocuments(receipt, head.receipt())) {
            return Optional.of(Fault.EXECUTION_CHANGED);
        }
        return mayFollow(head, receipt, step) ? Optional.empty() : Optional.of(Fault.PREVIOUS_WRONG);
    }

    private static boolean mayFollow(Head head, LoggedReceipt receipt, Step step) {
        boolean sameAttempt = step.attempt() == head.step().attempt();
        return switch (receipt.phase()) {
            case INTENT -> head.isIntent() && step.entersAgainAfter(head.step());
            case OUTCOME -> sameAttempt && (head.isIntent() || !receipt.status().equals("withdrawn"));
            default -> sameAttempt && !head.isIntent();
        };
    }

    private static boolean sameDocuments(LoggedReceipt receipt, LoggedReceipt other) {
        return List.of(Subjects.REQUEST, Subjects.APPROVAL).stream()
                .allMatch(name -> Objects.equals(
                        receipt.subjects().get(name), other.subjects().get(name)));
    }

    private void keep(long index, LoggedReceipt receipt, Step step) {
        boolean goesOn = receipt.phase() == Phase.INTENT || receipt.status().equals("indeterminate");
        if (goesOn) {
            heads.put(step.executionId(), new Head(index, receipt, step));
            return;
        }
        heads.remove(step.executionId());
        if (receipt.status().equals("withdrawn")) { // nothing was done: what it would have spent is unspent
            ApprovalKey.of(step).ifPresent(spent::remove);
        }
    }
}
