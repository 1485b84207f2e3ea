package dev.openexec.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages out. A page in a browser on this machine can send requests to loopback, directly (the browser then
 * names the page's origin) or by having its own host name resolve to a loopback address (the host is then that name).
 */
final class HostGuard implements Guard {

    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Set<String> hosts;
    private final Set<String> origins;

    /**
     * @param hosts accepted in Host besides the loopback names, lower case, without port
     * @param origins accepted in Origin, lower case
     */
    HostGuard(Set<String> hosts, Set<String> origins) {
        this.hosts = new HashSet<>(LOOPBACK_NAMES);
        this.hosts.addAll(hosts);
        this.origins = Set.copyOf(origins);
    }

    @Override
    public @Nullable Problem check(HttpServerExchange exchange) {
        // Undertow has made sure that there is exactly one Host field and that it is well-formed.
        String host = exchange.getRequestHeaders().getFirst(Headers.HOST).toLowerCase(Locale.ROOT);
        if (!hosts.contains(withoutPort(host))) {
            return Problem.of(421, "misdirected", "This host name is not served here");
        }
        HeaderValues origin = exchange.getRequestHeaders().get(Headers.ORIGIN);
        if (origin != null && !(origin.size() == 1 && origins.contains(lowerCase(origin.getFirst())))) {
            return Problem.of(403, "origin-not-allowed", "Web pages of this origin may not send requests here");
        }
        return null;
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }

    private static String lowerCase(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
