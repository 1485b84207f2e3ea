package dev.openexec.server;

import io.undertow.server.HttpServerExchange;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The paths, compared as they were sent: nothing is decoded, no parameters are cut off, a query is ignored. One that ends with
 * a slash and a star stands for all that go on from there.
 */
final class Routes implements Guard {

    private record Route(String method, Endpoint endpoint) {}

    private final Map<String, Route> routes = new HashMap<>();

    /** Each path in one of the maps only. */
    Routes(Map<String, Endpoint> get, Map<String, Endpoint> post) {
        get.forEach((path, endpoint) -> routes.put(path, new Route("GET", endpoint)));
        post.forEach((path, endpoint) -> routes.put(path, new Route("POST", endpoint)));
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
        Route exact = routes.get(path);
        if (exact != null) {
            return exact;
        }
        for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
            Route all = routes.get(path.substring(0, slash) + "/*");
            if (all != null) {
                return all;
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
