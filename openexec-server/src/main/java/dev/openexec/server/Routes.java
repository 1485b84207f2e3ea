package dev.openexec.server;

import io.undertow.server.HttpServerExchange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The paths, compared as they were sent: nothing is decoded, no parameters are cut off, a query is ignored. One that ends with
 * a slash and a star stands for all that go on from there.
 */
final class Routes implements Guard {

    private record Route(String method, Endpoint endpoint) {}

    private final Map<String, Route> exactly = new HashMap<>();
    private final List<Map.Entry<String, Route>> below = new ArrayList<>(); // the longest first

    /** Each path in one of the maps only. */
    Routes(Map<String, Endpoint> get, Map<String, Endpoint> post) {
        get.forEach((path, endpoint) -> add(path, new Route("GET", endpoint)));
        post.forEach((path, endpoint) -> add(path, new Route("POST", endpoint)));
        below.sort(Comparator.comparing(prefix -> -prefix.getKey().length()));
    }

    private void add(String path, Route route) {
        if (path.endsWith("/*")) {
            below.add(Map.entry(path.substring(0, path.length() - 1), route));
        } else {
            exactly.put(path, route);
        }
    }

    @Override
    public @Nullable Problem check(HttpServerExchange exchange) {
        Route route = find(exchange.getRequestURI());
        return route == null ? Problem.of(404, "not-found", "No such path") : method(route.method, exchange);
    }

    /** Where a request that passed {@link #check} goes. */
    Endpoint endpoint(HttpServerExchange exchange) {
        return Objects.requireNonNull(find(exchange.getRequestURI()), "Unchecked request").endpoint;
    }

    private @Nullable Route find(String path) {
        Route exact = exactly.get(path);
        if (exact != null) {
            return exact;
        }
        for (Map.Entry<String, Route> prefix : below) {
            if (path.startsWith(prefix.getKey())) {
                return prefix.getValue();
            }
        }
        return null;
    }

    private static @Nullable Problem method(String method, HttpServerExchange exchange) {
        // Methods are case-sensitive (RFC 9110 section 9.1); Undertow's own comparison is not.
        if (exchange.getRequestMethod().toString().equals(method)) {
            return null;
        }
        return Problem.of(405, "method-not-allowed", "This path takes " + method)
                .withHeader("Allow", method);
    }
}
