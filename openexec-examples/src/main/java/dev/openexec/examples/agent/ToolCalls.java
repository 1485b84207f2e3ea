package dev.openexec.examples.agent;

import dev.openexec.Execution;
import dev.openexec.ExecutionFailedException;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.InDoubtException;
import dev.openexec.InDoubtException.Doubt;
import dev.openexec.RefusedException;
import dev.openexec.RefusedException.Reason;
import dev.openexec.examples.agent.Approver.TooLargeException;
import dev.openexec.examples.agent.ToolResult.Status;
import dev.openexec.json.Digest;
import dev.openexec.json.Json;
import dev.openexec.json.MalformedJsonException;
import dev.openexec.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Takes the tool calls of a model to an {@link Executor}, instead of running them.
 *
 * <p>A call is one nonce: the same call proposed again, by the model, after a lost answer or after a crash of this program,
 * gets the same result and runs nothing. So a program that does not know how far it got proposes the whole turn again.
 */
final class ToolCalls {

    private final Executor executor;
    private final Approver approver;
    private final String conversation;

    /**
     * The tool calls of one conversation.
     *
     * @param conversation with the id of a call it names that call for ever. Where a provider counts its ids anew in every
     *     turn, put the number of the turn into it
     */
    ToolCalls(Executor executor, Approver approver, String conversation) {
        this.executor = executor;
        this.approver = approver;
        this.conversation = conversation;
    }

    /** All calls of a turn, in their order, each with a result of its own. */
    List<ToolResult> answer(List<ToolCall> turn) {
        return turn.stream().map(this::answer).toList();
    }

    /** One call. Whatever the model sent, it gets a result. */
    ToolResult answer(ToolCall call) {
        try {
            return ToolResult.of(call, Status.DONE, propose(call).result().canonical());
        } catch (MalformedJsonException e) {
            return ToolResult.of(call, Status.REFUSED, "malformed-arguments: " + e.rule());
        } catch (TooLargeException e) {
            return ToolResult.of(call, Status.REFUSED, "too-large-to-approve");
        } catch (RefusedException e) {
            String problem = e.reason().problem();
            return switch (e.reason()) {
                case APPROVAL_MISSING, APPROVAL_EXPIRED -> ToolResult.of(call, Status.WAITING, problem);
                case NONCE_REUSED -> ToolResult.of(call, Status.SPENT, problem);
                case OVERLOADED, SHUTTING_DOWN -> ToolResult.of(call, Status.UNAVAILABLE, problem);
                default ->
                    ToolResult.of(call, Status.REFUSED, e.rule().isEmpty() ? problem : problem + ": " + e.rule());
            };
        } catch (ExecutionFailedException e) {
            return ToolResult.of(call, Status.FAILED, e.code());
        } catch (InDoubtException e) {
            Status status = e.doubt() == Doubt.OUTCOME_INDETERMINATE ? Status.UNKNOWN : Status.UNSETTLED;
            return ToolResult.of(call, status, e.doubt().problem());
        } catch (StoreException e) {
            return ToolResult.of(call, Status.UNAVAILABLE, e.reason().problem());
        }
    }

    private Execution propose(ToolCall call)
            throws MalformedJsonException, TooLargeException, RefusedException, ExecutionFailedException,
                    InDoubtException {
        ExecutionRequest request = ExecutionRequest.of(call.name(), Json.parse(call.arguments()), nonce(call));
        executor.check(request); // so that nobody is asked to approve what would be refused anyway
        try {
            return executor.execute(
                    approver.approvalOf(request).map(request::withApproval).orElse(request));
        } catch (RefusedException e) {
            if (e.reason() == Reason.APPROVAL_EXPIRED) { // unspent: a spent one gets its answer whatever the time
                approver.expired(request);
            }
            throw e;
        }
    }

    /** A hash, because ids may be long, and so that no other conversation and id have the same. */
    private String nonce(ToolCall call) {
        return Digest.ofFields("openexec/examples/tool-call/1", utf8(conversation), utf8(call.id()))
                .hex();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
