package dev.openexec.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.SameThreadExecutor;
import java.lang.System.Logger;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The one way in: guards, body, endpoint, response. No thread is held while an endpoint is at work. */
final class Entrance implements HttpHandler {

    private static final Logger LOG = System.getLogger(Entrance.class.getName());
    private static final byte[] NO_BODY = {};

    private final List<Guard> guards;
    private final Routes routes;
    private final Responder responder;
    private final Duration bodyDeadline;
    private final BodyBudget bodyBudget;

    Entrance(List<Guard> guards, Routes routes, Limits limits) {
        this.guards = List.copyOf(guards);
        this.routes = routes;
        this.responder = new Responder(limits.response());
        this.bodyDeadline = limits.body();
        this.bodyBudget = new BodyBudget(limits.allBodiesBytes());
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        String requestId = UUID.randomUUID().toString();
        Problem problem = refusal(exchange, requestId);
        if (problem != null) {
            responder.refuse(exchange, requestId, problem);
            return;
        }
        Endpoint endpoint = routes.endpoint(exchange);
        if (exchange.isRequestComplete()) {
            exchange.dispatch(SameThreadExecutor.INSTANCE, () -> run(exchange, requestId, endpoint, NO_BODY));
        } else if (!bodyBudget.reserve(FramingGuard.length(exchange), exchange)) {
            responder.refuse(exchange, requestId, overloaded());
        } else {
            new BodyReader(exchange, failure -> responder.refuse(exchange, requestId, failure))
                    .read(bodyDeadline, body -> run(exchange, requestId, endpoint, body));
        }
    }

    private @Nullable Problem refusal(HttpServerExchange exchange, String requestId) {
        try {
            for (Guard guard : guards) {
                Problem problem = guard.check(exchange);
                if (problem != null) {
                    return problem;
                }
            }
            return null;
        } catch (RuntimeException e) {
            return internalError(requestId, e);
        }
    }

    private void run(HttpServerExchange exchange, String requestId, Endpoint endpoint, byte[] body) {
        Request request = new Request(exchange.getRequestURI(), exchange.getRequestHeaders(), body);
        var unused = reply(endpoint, request).whenComplete((reply, failure) -> {
            Reply sent = failure == null ? reply : internalError(requestId, failure);
            if (exchange.isInIoThread()) {
                responder.send(exchange, requestId, sent);
            } else {
                exchange.getIoThread().execute(() -> responder.send(exchange, requestId, sent));
            }
        });
    }

    private static CompletionStage<Reply> reply(Endpoint endpoint, Request request) {
        try {
            return endpoint.reply(request);
        } catch (BadRequestException e) {
            return CompletableFuture.completedStage(e.problem());
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private static Problem overloaded() {
        return Problem.of(503, "overloaded", "As many requests as this server takes at once are at work")
                .retryAfter(1);
    }

    private static Problem internalError(String requestId, Throwable failure) {
        LOG.log(Logger.Level.ERROR, () -> "Request " + requestId + " failed: " + Trace.of(failure));
        return Problem.of(500, "internal-error", "Something unforeseen; the server's log has it under this instance");
    }
}
