package dev.openexec.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.openexec.evidence.Witness;
import dev.openexec.evidence.Witness.Reply;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A witness over HTTP (C2SP tlog-witness): {@code POST} to any path that ends in {@code /add-checkpoint}.
 *
 * <p>Few threads, a short queue and short requests keep it within its memory. A request that is not whole after 10 s is cut off,
 * and so is one that has waited for that long. So whoever sends slowly on a few connections, again and again, keeps others out for
 * as long as they do so: where strangers can reach it, put a reverse proxy in front of it that takes in whole requests, limits how
 * many there are, and speaks TLS.
 */
final class WitnessServer implements AutoCloseable {

    private static final String ADD_CHECKPOINT = "/add-checkpoint";
    private static final int MAX_BODY = 64 * 1024;
    private static final int THREADS = 4;
    private static final int WAITING = 64;
    private static final int GRACE_S = 30;

    /** Of the whole process: the JDK's server reads them once. What is set on the command line holds. */
    private static final Map<String, String> LIMITS = Map.of(
            "sun.net.httpserver.maxReqTime", "10", // seconds
            "sun.net.httpserver.maxRspTime", "60",
            "sun.net.httpserver.maxReqHeaders", "64",
            "sun.net.httpserver.maxReqHeaderSize", "16384",
            "sun.net.httpserver.maxIdleConnections", "64",
            "jdk.httpserver.maxConnections", "256",
            "sun.net.httpserver.nodelay", "true");

    static {
        LIMITS.forEach((name, value) -> System.getProperties().putIfAbsent(name, value));
    }

    private final Witness witness;
    private final Console console;
    private final HttpServer http;
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            THREADS,
            THREADS,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING)); // beyond it connections are closed

    /**
     * Serves from now on.
     *
     * @throws IOException if the address cannot be had
     */
    WitnessServer(Witness witness, InetSocketAddress address, Console console) throws IOException {
        this.witness = witness;
        this.console = console;
        this.http = HttpServer.create(address, 0);
        http.setExecutor(threads);
        http.createContext("/", this::handle);
        http.start();
    }

    InetSocketAddress address() {
        return http.getAddress();
    }

    /** Lets what runs come to its end, and nothing else begin. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            boolean unused = threads.awaitTermination(GRACE_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try {
            Reply reply = answer(exchange);
            byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
            String type = reply.status() == 409 ? "text/x.tlog.size" : "text/plain; charset=utf-8";
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
        } finally {
            exchange.close();
        }
    }

    private Reply answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
        String path = exchange.getRequestURI().getPath(); // a URI may have none
        if (path == null || !path.endsWith(ADD_CHECKPOINT)) {
            return new Reply(404, "");
        }
        if (!exchange.getRequestMethod().equals("POST")) {
            exchange.getResponseHeaders().set("Allow", "POST");
            return new Reply(405, "");
        }
        if (body.length > MAX_BODY) {
            return new Reply(413, "");
        }
        try {
            return addCheckpoint(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString());
        } catch (CharacterCodingException e) {
            return new Reply(400, "");
        }
    }

    private Reply addCheckpoint(String request) {
        try {
            Reply reply = witness.addCheckpoint(request);
            trace(request, reply.status());
            return reply;
        } catch (IOException e) {
            console.trace("witness-state-unusable: " + Printable.of(String.valueOf(e.getMessage())));
            return new Reply(503, "");
        } catch (RuntimeException e) {
            console.trace("unforeseen: " + e.getClass().getName());
            return new Reply(500, "");
        }
    }

    /** What its log has signed may show that the log is at odds with itself. Of anything else nothing is said. */
    private void trace(String request, int status) {
        if (status == 200 || status == 409 || status == 422) {
            String[] checkpoint = request.substring(request.indexOf("\n\n") + 2).split("\n", 3);
            console.trace(status + " " + Printable.of(checkpoint[0]) + " at size " + checkpoint[1]);
        }
    }
}
