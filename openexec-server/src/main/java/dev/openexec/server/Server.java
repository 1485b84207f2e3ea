package dev.openexec.server;

import dev.openexec.Executor;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.handlers.HttpContinueReadHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioWorker;

/** HTTP in front of an executor. Owns the executor: closing the server drains and closes it. */
final class Server implements AutoCloseable {

    /** For answers that are ready and not written yet when the executor has drained. */
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);

    private final Executor executor;
    private final XnioWorker worker;
    private final Undertow undertow;
    /** One party for this server and one for each exchange. */
    private final Phaser exchanges = new Phaser(1);

    private Server(Executor executor, Settings settings, Limits limits) throws IOException {
        this.executor = executor;
        this.worker = Xnio.getInstance(Undertow.class.getClassLoader())
                .createWorker(OptionMap.builder()
                        .set(Options.WORKER_NAME, "openexec-http")
                        .set(
                                Options.WORKER_IO_THREADS,
                                Math.max(2, Runtime.getRuntime().availableProcessors()))
                        .set(Options.WORKER_TASK_CORE_THREADS, 1) // nothing is ever dispatched to them
                        .set(Options.WORKER_TASK_MAX_THREADS, 1)
                        .getMap());
        this.undertow = undertow(settings.address(), counted(entrance(settings, limits)), limits);
    }

    /**
     * Opens the port.
     *
     * @throws IOException if that is not possible, with the executor left open
     */
    static Server start(Executor executor, Settings settings, Limits limits) throws IOException {
        Server server = new Server(executor, settings, limits);
        try {
            server.undertow.start();
            return server;
        } catch (RuntimeException e) {
            server.worker.shutdownNow();
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private HttpHandler entrance(Settings settings, Limits limits) {
        Health health = new Health(settings.policy().signed(), settings.allowedActions());
        InstantSource clock = InstantSource.system();
        Routes routes = new Routes(
                Map.of(
                        "/", Endpoint.of(Version::service),
                        "/health", Endpoint.of(health::reply),
                        "/ready", Endpoint.of(() -> Ready.reply(executor.readiness())),
                        "/version", Endpoint.of(() -> Version.version(clock))),
                Map.of("/execute", new ExecuteEndpoint(executor), "/receipts/verify", new VerifyReceiptEndpoint()));
        List<Guard> guards = List.of(
                new FramingGuard(limits.bodyBytes()),
                new HostGuard(settings.hosts(), settings.origins()),
                routes,
                new MediaTypeGuard());
        return new HttpContinueReadHandler(new Entrance(guards, routes, limits));
    }

    private HttpHandler counted(HttpHandler next) {
        return exchange -> {
            exchanges.register();
            exchange.addExchangeCompleteListener((completed, listener) -> {
                exchanges.arriveAndDeregister();
                listener.proceed();
            });
            next.handleRequest(exchange);
        };
    }

    private Undertow undertow(InetSocketAddress address, HttpHandler handler, Limits limits) {
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
                // Undertow answers what is over its limits with a bare 400: the guard's lower ones say more.
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
        return (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
    }

    /**
     * Accepts no more connections, lets what runs come to its end as long as the executor's drain budget allows, sends the
     * last answers, and closes the executor.
     */
    @Override
    public void close() {
        undertow.stop(); // closes the port alone: the worker is ours
        executor.close();
        int phase = exchanges.arriveAndDeregister();
        try {
            exchanges.awaitAdvanceInterruptibly(phase, LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            // clients that do not read their answers
        }
        worker.shutdownNow();
    }
}
