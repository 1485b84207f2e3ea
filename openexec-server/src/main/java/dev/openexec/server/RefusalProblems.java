package dev.openexec.server;

import dev.openexec.ExecutionRequest;
import dev.openexec.RefusedException;
import java.util.Set;

/** What a refusal looks like: its status, and the reference's words where it has any. */
final class RefusalProblems {

    /** Faults that the reference's request model refuses as well, with the same status. */
    private static final Set<String> SHAPE_RULES = Set.of("not-object", "member-set", "member-type");

    private RefusalProblems() {}

    static Problem of(RefusedException e, ExecutionRequest request) {
        Problem problem = Problem.of(status(e), e.reason().problem(), detail(e, request));
        return problem.status() == 503 ? problem.retryAfter(1) : problem;
    }

    private static int status(RefusedException e) {
        return switch (e.reason()) {
            case OVERLOADED, SHUTTING_DOWN -> 503;
            case INVALID_REQUEST, NONCE_REUSED -> 422;
            case UNKNOWN_ACTION, INVALID_INPUT -> 400;
            case APPROVAL_ALREADY_USED -> 409;
            case RESULT_ERASED, EXECUTION_ERASED -> 410;
            case APPROVAL_MALFORMED -> SHAPE_RULES.contains(e.rule()) ? 422 : 403;
            case APPROVAL_MISSING,
                    APPROVAL_HASH_MISMATCH,
                    APPROVAL_SIGNATURE_INVALID,
                    APPROVAL_TENANT_MISMATCH,
                    APPROVAL_LIFETIME_TOO_LONG,
                    APPROVAL_NOT_YET_VALID,
                    APPROVAL_EXPIRED,
                    APPROVAL_BEFORE_LEDGER,
                    ACTION_NOT_ALLOWED -> 403;
        };
    }

    private static String detail(RefusedException e, ExecutionRequest request) {
        return switch (e.reason()) {
            case OVERLOADED -> "As many requests as this server takes at once are at work";
            case SHUTTING_DOWN -> "The server is shutting down";
            case INVALID_REQUEST -> invalid(e.rule());
            case NONCE_REUSED -> "This nonce was used for another request or approval";
            case UNKNOWN_ACTION -> "Unknown action: " + request.action();
            case INVALID_INPUT -> "The action does not take this payload: " + e.rule();
            case ACTION_NOT_ALLOWED -> "Action '" + request.action() + "' is not in the execution allow-list";
            case APPROVAL_MISSING -> "ClawShield mode requires an approval artifact";
            case APPROVAL_MALFORMED -> MalformedArtifact.detail(e.rule(), request.approval());
            case APPROVAL_HASH_MISMATCH -> "Action hash mismatch: approval does not match this request";
            case APPROVAL_SIGNATURE_INVALID -> "Invalid signature: approval artifact is not authentic";
            case APPROVAL_TENANT_MISMATCH -> "Tenant mismatch";
            case APPROVAL_LIFETIME_TOO_LONG -> "Approval artifact is valid for longer than this server accepts";
            case APPROVAL_NOT_YET_VALID -> "Approval artifact was issued in the future";
            case APPROVAL_EXPIRED -> "Approval artifact expired";
            case APPROVAL_BEFORE_LEDGER -> "Approval artifact was issued too early for this ledger";
            case APPROVAL_ALREADY_USED -> "Approval artifact was used under another nonce";
            case RESULT_ERASED -> "The action succeeded, its result was erased since, and it will not run again";
            case EXECUTION_ERASED -> "What was executed was erased since, and it will not run again";
        };
    }

    private static String invalid(String rule) {
        return switch (rule) {
            case "nonce" -> "nonce must be 1 to 255 bytes of UTF-8 without control characters";
            case "action-name" -> "action must be 1 to 256 characters";
            default -> "Not a valid request: " + rule;
        };
    }
}
