package dev.openexec.server;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioWorker;

/** Undertow on one port, HTTP/1.1 only, which can be stopped in two steps so that no answer is lost. */
final class Listener implements AutoCloseable {

    /** For answers that are ready and not written yet when the listener is closed. */
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);

    private final XnioWorker worker;
    private final Undertow undertow;
    private final InetSocketAddress address;

    /** One party for the listener itself, and one for each exchange until its answer is written. */
    private final Phaser exchanges;

    private Listener(XnioWorker worker, Undertow undertow, Phaser exchanges) {
        this.worker = worker;
        this.undertow = undertow;
        this.address = (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
        this.exchanges = exchanges;
    }

    /**
     * Finds out, before anything else is begun, whether the address can be had; {@link #open} has the last word.
     *
     * @throws IOException if the address cannot be had
     */
    static void checkFree(InetSocketAddress address) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(address);
        } catch (IOException e) {
            throw unavailable(address, e);
        }
    }

    private static IOException unavailable(InetSocketAddress address, IOException cause) {
        String where = address.getHostString() + ":" + address.getPort();
        return new IOException("cannot listen on " + where + ": " + cause.getMessage(), cause);
    }

    /**
     * Listens.
     *
     * @throws IOException if the address cannot be had
     */
    static Listener open(InetSocketAddress address, HttpHandler handler, Limits limits) throws IOException {
        XnioWorker worker = worker();
        Phaser exchanges = new Phaser(1);
        try {
            Undertow undertow = undertow(worker, address, counted(handler, exchanges), limits);
            undertow.start();
            return new Listener(worker, undertow, exchanges);
        } catch (RuntimeException e) {
            worker.shutdownNow();
            if (e.getCause() instanceof IOException cause) {
                throw unavailable(address, cause);
            }
            throw e;
        }
    }

    /** A worker of our own: the one that Undertow makes dies, answers and all, as soon as the port is closed. */
    private static XnioWorker worker() throws IOException {
        int ioThreads = Math.max(2, Runtime.getRuntime().availableProcessors());
        return Xnio.getInstance(Undertow.class.getClassLoader())
                .createWorker(OptionMap.builder()
                        .set(Options.WORKER_NAME, "openexec-http")
                        .set(Options.WORKER_IO_THREADS, ioThreads)
                        .set(Options.WORKER_TASK_CORE_THREADS, 1) // nothing is handed to them
                        .set(Options.WORKER_TASK_MAX_THREADS, 1)
                        .getMap());
    }

    private static HttpHandler counted(HttpHandler handler, Phaser exchanges) {
        return exchange -> {
            exchanges.register();
            exchange.addExchangeCompleteListener((completed, next) -> {
                exchanges.arriveAndDeregister();
                next.proceed();
            });
            handler.handleRequest(exchange);
        };
    }

    private static Undertow undertow(XnioWorker worker, InetSocketAddress address, HttpHandler handler, Limits limits) {
        return Undertow.builder()
                .setWorker(worker)
                .addHttpListener(address.getPort(), address.getAddress().getHostAddress())
                .setHandler(handler)
                .setSocketOption(Options.CONNECTION_HIGH_WATER, limits.connections())
                .setSocketOption(Options.CONNECTION_LOW_WATER, limits.connections())
                .setServerOption(UndertowOptions.ENABLE_HTTP2, false)
                .setServerOption(UndertowOptions.DECODE_URL, false)
                .setServerOption(UndertowOptions.BUFFER_PIPELINED_DATA, false)
                .setServerOption(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, false)
                // What is over these limits gets a bare 400 from Undertow; the guard's are lower and say more.
                .setServerOption(UndertowOptions.MAX_HEADER_SIZE, 2 * Limits.HEAD_BYTES)
                .setServerOption(UndertowOptions.MAX_HEADERS, 2 * Limits.HEADER_FIELDS)
                .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, (long) limits.bodyBytes())
                .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, millis(limits.head()))
                .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, millis(limits.idle()))
                .build();
    }

    private static int millis(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }

    /** Where it listens, with the port that was found for port 0. */
    InetSocketAddress address() {
        return address;
    }

    /** Closes the port. Connections stay open, and what is asked on them is still answered. */
    void stopAccepting() {
        undertow.stop();
    }

    /** Waits for the answers that are under way, for a few seconds at most, and closes all connections. */
    @Override
    public void close() {
        stopAccepting();
        int phase = exchanges.arriveAndDeregister();
        try {
            exchanges.awaitAdvanceInterruptibly(phase, LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            // somebody does not read
        }
        worker.shutdownNow();
    }
}
