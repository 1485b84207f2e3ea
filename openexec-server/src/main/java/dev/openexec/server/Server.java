package dev.openexec.server;

import dev.openexec.Executor;
import io.undertow.server.HttpHandler;
import io.undertow.server.handlers.HttpContinueReadHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** HTTP in front of an executor, which it owns: closing the server drains and closes it. */
final class Server implements AutoCloseable {

    private final Executor executor;
    private final Listener listener;

    private Server(Executor executor, Listener listener) {
        this.executor = executor;
        this.listener = listener;
    }

    /**
     * Opens the port.
     *
     * @throws IOException if that is not possible; the executor is then left open
     */
    static Server start(Executor executor, Settings settings, Limits limits) throws IOException {
        HttpHandler entrance = new HttpContinueReadHandler(entrance(executor, settings, limits));
        return new Server(executor, Listener.open(settings.address(), entrance, limits));
    }

    private static Entrance entrance(Executor executor, Settings settings, Limits limits) {
        Health health = new Health(settings.policy().signed(), settings.allowedActions());
        InstantSource clock = InstantSource.system();
        EvidenceThread evidence = new EvidenceThread();
        LogEndpoints log = new LogEndpoints(executor.log(), evidence);
        Map<String, Endpoint> get = new HashMap<>(Map.of(
                "/", Endpoint.of(Version::service),
                "/health", Endpoint.of(health::reply),
                "/ready", Endpoint.of(() -> Ready.reply(executor.readiness())),
                "/version", Endpoint.of(() -> Version.version(clock))));
        get.putAll(log.anonymous());
        if (!settings.policy().signed()) { // else a proposer, who sits on the same loopback, could read what others did
            get.putAll(log.confidential());
        }
        Routes routes = new Routes(
                get,
                Map.of(
                        "/execute", new ExecuteEndpoint(executor, evidence),
                        "/receipts/verify", new VerifyReceiptEndpoint(executor.log(), settings.policy(), evidence)));
        List<Guard> guards = List.of(
                new FramingGuard(limits.bodyBytes()),
                new HostGuard(settings.hosts(), settings.origins()),
                routes,
                new MediaTypeGuard());
        return new Entrance(guards, routes, limits);
    }

    /** Where it listens, with the port that was found for port 0. */
    InetSocketAddress address() {
        return listener.address();
    }

    /**
     * Accepts no more connections, lets what runs come to its end as long as the executor's drain budget allows, and sends
     * the last answers. What is asked meanwhile on open connections is refused.
     */
    @Override
    public void close() {
        listener.stopAccepting();
        executor.close();
        listener.close();
    }
}
