package dev.openexec.evidence;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What a receipt of an execution says about it.
 *
 * @param executionId of the execution
 * @param action its name
 * @param kind what a crash may do to it
 * @param tenant on whose behalf
 * @param approval the id of the approval that is spent; empty exactly if nobody had to approve
 * @param attempt which entry into the action, from 1
 * @param claimedAt when the execution was claimed
 * @param previous the receipt before this one of the same execution
 */
record Step(
        UUID executionId,
        String action,
        String kind,
        String tenant,
        Optional<String> approval,
        int attempt,
        Instant claimedAt,
        Optional<Position> previous) {

    static final Pattern TENANT = Pattern.compile("[\\x21-\\x7e]{1,128}");
    static final Pattern APPROVAL_ID = TENANT;
    static final Pattern AUTHORITY = Pattern.compile("unsigned|v1");

    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Pattern ACTION = Pattern.compile("(?s).+");
    private static final Pattern KIND = Pattern.compile("PURE|TRANSACTIONAL|IDEMPOTENT|AT_MOST_ONCE");
    private static final Pattern CODE = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final List<String> WITHOUT_INTENT = List.of("PURE", "TRANSACTIONAL");
    private static final int MAX_ATTEMPTS = 3;

    /** Takes the members that only executions have, and checks that they agree with phase and status. */
    static Step read(ClosedObject predicate, Phase phase, String status, String ledgerId) throws InvalidEvidence {
        Optional<ClosedObject> code = predicate.optionalObject("actionDigest");
        if (code.isPresent()) {
            Subjects.digest(code.get());
        }
        boolean signed = predicate.text("authority", AUTHORITY).equals("v1");
        Optional<String> approval = approval(predicate);
        predicate.require(approval.isPresent() == signed);
        boolean failure = status.equals("failed") || status.equals("indeterminate");
        predicate.require(predicate.optionalText("code", CODE).isPresent() == failure);
        Step step = new Step(
                UUID.fromString(predicate.text("execId", UUID_FORM)),
                predicate.text("action", ACTION),
                predicate.text("kind", KIND),
                predicate.text("tenant", TENANT),
                approval,
                Math.toIntExact(Math.min(predicate.number("attempt"), Integer.MAX_VALUE)),
                Times.read(predicate, "claimedAt"),
                previous(predicate, ledgerId));
        predicate.require(step.attempt >= 1 && step.attempt <= MAX_ATTEMPTS);
        predicate.require(!status.equals("withdrawn") || step.attempt == 1);
        predicate.require(step.previousAgrees(phase));
        return step;
    }

    static Optional<String> approval(ClosedObject predicate) throws InvalidEvidence {
        Optional<ClosedObject> approval = predicate.optionalObject("approval");
        if (approval.isEmpty()) {
            return Optional.empty();
        }
        String id = approval.get().text("id", APPROVAL_ID);
        approval.get().end();
        return Optional.of(id);
    }

    static Optional<Position> previous(ClosedObject predicate, String ledgerId) throws InvalidEvidence {
        Optional<ClosedObject> previous = predicate.optionalObject("previous");
        return previous.isEmpty() ? Optional.empty() : Optional.of(Position.read(previous.get(), ledgerId));
    }

    private boolean previousAgrees(Phase phase) {
        return switch (phase) {
            case INTENT -> previous.isPresent() == attempt > 1;
            case OUTCOME -> previous.isPresent() || WITHOUT_INTENT.contains(kind);
            default -> previous.isPresent();
        };
    }

    /** Whether another receipt can be about the same execution: only attempt and position may differ. */
    boolean isOfTheSameAs(Step other) {
        return executionId.equals(other.executionId)
                && action.equals(other.action)
                && kind.equals(other.kind)
                && tenant.equals(other.tenant)
                && approval.equals(other.approval)
                && claimedAt.equals(other.claimedAt);
    }

    /** Whether this is the next entry after another: only what declares it harmless is entered more than once. */
    boolean entersAgainAfter(Step other) {
        return kind.equals("IDEMPOTENT") && attempt == other.attempt + 1;
    }
}
