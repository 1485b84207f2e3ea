package dev.openexec.server;

import dev.openexec.Execution;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** {@code POST /execute}. */
final class ExecuteEndpoint implements Endpoint {

    private static final List<String> MEMBERS = List.of("action", "payload", "nonce", "approval_artifact");

    private final Executor executor;

    ExecuteEndpoint(Executor executor) {
        this.executor = executor;
    }

    @Override
    public CompletionStage<Reply> reply(byte[] body) throws BadRequestException {
        ExecutionRequest request = request(RequestBody.read(body, MEMBERS));
        return executor.executeAsync(request)
                .handle((execution, failure) ->
                        failure == null ? answer(execution) : ExecutionProblems.of(failure, request));
    }

    private static ExecutionRequest request(RequestBody body) throws BadRequestException {
        String action = body.string("action");
        Json payload = body.object("payload").orElse(Json.emptyObject());
        String nonce = body.string("nonce");
        String artifact = body.object("approval_artifact").map(Json::canonical).orElse(null);
        return new ExecutionRequest(action, payload, nonce, artifact);
    }

    private static Reply answer(Execution execution) {
        Map<String, Object> members = new HashMap<>();
        members.put("id", execution.id().toString());
        members.put("action", execution.action());
        members.put("approved", true);
        members.put("receipt", execution.receipt().hash());
        members.put("status", "succeeded");
        members.put("replayed", execution.replayed());
        if (execution.resolved()) {
            members.put("resolved", true);
        }
        String known = Json.of(members).canonical();
        // The result may be as deep as JSON goes here; one level more is no value of ours, but it is still JSON.
        String open = known.substring(0, known.length() - 1);
        String json = open + ",\"result\":" + execution.result().canonical() + "}";
        return new Answer(200, execution.replayed() ? Map.of("OpenExec-Replayed", "true") : Map.of(), json);
    }
}
