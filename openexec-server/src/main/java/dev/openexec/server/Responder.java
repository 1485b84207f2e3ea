package dev.openexec.server;

import io.undertow.io.IoCallback;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.WorkerUtils;
import java.lang.System.Logger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.xnio.IoUtils;

/** Writes a reply. Called on the exchange's I/O thread, once per exchange. */
final class Responder {

    private static final Logger LOG = System.getLogger(Responder.class.getName());
    private static final HttpString REQUEST_ID = new HttpString("OpenExec-Request-Id");

    private final Duration deadline;

    /**
     * @param deadline for a whole response: a client that does not read it loses its connection
     */
    Responder(Duration deadline) {
        this.deadline = deadline;
    }

    /** Answers, then closes. An unread body is not drained: nothing that follows on this connection is a request. */
    void refuse(HttpServerExchange exchange, String requestId, Problem problem) {
        exchange.setPersistent(false);
        send(exchange, requestId, problem);
    }

    void send(HttpServerExchange exchange, String requestId, Reply reply) {
        try {
            write(exchange, requestId, reply);
        } catch (RuntimeException e) {
            LOG.log(Logger.Level.ERROR, () -> "Request " + requestId + " could not be answered: " + Trace.of(e));
            IoUtils.safeClose(exchange.getConnection());
        }
    }

    private void write(HttpServerExchange exchange, String requestId, Reply reply) {
        byte[] body = reply.body(requestId);
        HeaderMap headers = exchange.getResponseHeaders();
        reply.headers().forEach((name, value) -> headers.put(new HttpString(name), value));
        headers.put(Headers.CONTENT_TYPE, reply.contentType());
        headers.put(REQUEST_ID, requestId);
        exchange.setStatusCode(reply.status());
        exchange.getResponseSender().send(ByteBuffer.wrap(body), IoCallback.END_EXCHANGE);
        if (!exchange.isComplete()) {
            WorkerUtils.executeAfter(
                    exchange.getIoThread(), () -> abandon(exchange), deadline.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static void abandon(HttpServerExchange exchange) {
        if (!exchange.isComplete()) {
            IoUtils.safeClose(exchange.getConnection());
        }
    }
}
