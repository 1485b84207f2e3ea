package dev.openexec.server;

import dev.openexec.Receipt;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code POST /receipts/verify}. */
final class VerifyReceiptEndpoint implements Endpoint {

    private static final List<String> MEMBERS = List.of("exec_id", "result", "receipt");

    @Override
    public CompletionStage<Reply> reply(Request request) throws BadRequestException {
        RequestBody body = RequestBody.read(request.body(), MEMBERS);
        Receipt receipt = new Receipt(body.string("exec_id"), body.string("result"), body.string("receipt"));
        return CompletableFuture.completedStage(Answer.ok(Map.of("valid", receipt.isValid())));
    }
}
