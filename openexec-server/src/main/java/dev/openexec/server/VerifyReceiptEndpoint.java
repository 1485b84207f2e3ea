package dev.openexec.server;

import dev.openexec.ExecutionLog;
import dev.openexec.Receipt;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.evidence.Evidence;
import dev.openexec.evidence.Policy;
import dev.openexec.evidence.Verdict;
import dev.openexec.evidence.Verdict.Invalid;
import dev.openexec.evidence.Verdict.Why;
import dev.openexec.evidence.Verifier;
import dev.openexec.evidence.VerifierKey;
import dev.openexec.json.Json;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code POST /receipts/verify}: of a version 1 receipt, or of a receipt with its proof in one of this ledger's own logs. */
final class VerifyReceiptEndpoint implements Endpoint {

    private static final List<String> VERSION_1 = List.of("exec_id", "result", "receipt");
    private static final List<String> EVIDENCE = List.of("receipt", "proof", "documents");

    private final ExecutionLog log;
    private final ApprovalPolicy approvers;
    private final EvidenceThread thread;

    VerifyReceiptEndpoint(ExecutionLog log, ApprovalPolicy approvers, EvidenceThread thread) {
        this.log = log;
        this.approvers = approvers;
        this.thread = thread;
    }

    @Override
    public CompletionStage<Reply> reply(Request request) throws BadRequestException {
        RequestBody body = RequestBody.readAny(request.body(), List.of(VERSION_1, EVIDENCE));
        if (!body.has("proof")) {
            Receipt receipt = new Receipt(body.string("exec_id"), body.string("result"), body.string("receipt"));
            return CompletableFuture.completedStage(Answer.ok(Map.of("valid", receipt.isValid())));
        }
        Evidence evidence = new Evidence(body.string("receipt"), body.string("proof"), documents(body));
        return log.ask(receipts -> receipts.logs().stream()
                        .map(number -> VerifierKey.parse(receipts.head(number).key()))
                        .toList())
                .thenApplyAsync(keys -> answer(verdict(evidence, keys)), thread)
                .exceptionally(LogEndpoints::unavailable);
    }

    private static Map<String, String> documents(RequestBody body) throws BadRequestException {
        Json documents = body.object("documents").orElse(Json.emptyObject());
        Map<String, String> texts = new LinkedHashMap<>();
        for (String name : documents.names()) {
            texts.put(name, RequestBody.string(documents, name));
        }
        return texts;
    }

    /** By the keys of this ledger's logs, the latest first. */
    private Verdict verdict(Evidence evidence, List<VerifierKey> keys) {
        Verdict verdict = new Invalid(Why.CHECKPOINT_UNTRUSTED);
        for (int i = keys.size() - 1; i >= 0 && verdict.equals(new Invalid(Why.CHECKPOINT_UNTRUSTED)); i--) {
            Verifier ours = Verifier.of(Policy.of(keys.get(i)));
            verdict = (approvers.signed() ? ours.approvedBy(approvers) : ours).verify(evidence);
        }
        return verdict;
    }

    private static Reply answer(Verdict verdict) {
        Map<String, Object> members = new HashMap<>();
        members.put("valid", !(verdict instanceof Invalid));
        members.put("verdict", verdict.toString().split(" ", -1)[0]);
        if (verdict instanceof Invalid invalid) {
            members.put("why", invalid.why().label());
        }
        return Answer.ok(members);
    }
}
