package dev.openexec.server;

import dev.openexec.Execution;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@code POST /execute}. */
final class ExecuteEndpoint implements Endpoint {

    private static final List<String> MEMBERS = List.of("action", "payload", "nonce", "approval_artifact");

    private final Executor executor;
    private final EvidenceThread thread;

    ExecuteEndpoint(Executor executor, EvidenceThread thread) {
        this.executor = executor;
        this.thread = thread;
    }

    @Override
    public CompletionStage<Reply> reply(Request http) throws BadRequestException {
        Optional<WaitPreference> wait = WaitPreference.in(http.headers());
        ExecutionRequest asked = request(RequestBody.read(http.body(), MEMBERS));
        ExecutionRequest request =
                wait.map(WaitPreference::budget).map(asked::withWaitBudget).orElse(asked);
        Optional<String> applied = wait.map(WaitPreference::applied);
        boolean full = "full".equals(http.headers().getFirst("OpenExec-Evidence"));
        return executor.executeAsync(request)
                .handle((execution, failure) -> {
                    Reply reply = failure == null ? answer(execution) : ExecutionProblems.of(failure, request);
                    Reply answer = applied.map(honoured -> reply.withHeader("Preference-Applied", honoured))
                            .orElse(reply);
                    return full ? withEvidence(answer, id(execution, reply)) : CompletableFuture.completedStage(answer);
                })
                .thenCompose(answer -> answer);
    }

    private static Optional<UUID> id(@Nullable Execution execution, Reply reply) {
        return execution != null
                ? Optional.of(execution.id())
                : reply instanceof Problem problem ? problem.executionId() : Optional.empty();
    }

    /** What has happened is answered all the same if its evidence cannot be read now. */
    private CompletionStage<Reply> withEvidence(Reply answer, Optional<UUID> id) {
        return id.map(execution -> executor.log()
                        .evidence(execution)
                        .thenApplyAsync(
                                evidence -> evidence.map(found -> found.toJson().canonical()), thread)
                        .handle((json, failure) ->
                                json == null || json.isEmpty() ? answer : answer.withEvidence(json.get())))
                .orElseGet(() -> CompletableFuture.completedStage(answer));
    }

    private static ExecutionRequest request(RequestBody body) throws BadRequestException {
        String action = body.string("action");
        Json payload = body.object("payload").orElse(Json.emptyObject());
        String nonce = body.string("nonce");
        Optional<String> artifact = body.object("approval_artifact").map(Json::canonical);
        ExecutionRequest request = ExecutionRequest.of(action, payload, nonce);
        return artifact.map(request::withApproval).orElse(request);
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
