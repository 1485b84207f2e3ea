package dev.openexec.server;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** What stands behind a path. Called on an I/O thread: it does not block. */
@FunctionalInterface
interface Endpoint {

    /**
     * Answers a request.
     *
     * @param request has passed every guard
     * @return the reply; a stage that fails is answered as an internal error
     * @throws BadRequestException if the body is not what this endpoint takes
     */
    CompletionStage<Reply> reply(Request request) throws BadRequestException;

    /** An endpoint that needs nothing of the request. */
    static Endpoint of(Supplier<Reply> reply) {
        return request -> CompletableFuture.completedStage(reply.get());
    }
}
