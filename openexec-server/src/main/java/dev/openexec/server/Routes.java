package dev.openexec.server;

import io.undertow.server.HttpServerExchange;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The paths, compared as they were sent: nothing is decoded, no parameters are cut off, a query is ignored. */
final class Routes implements Guard {

    private final Map<String, Endpoint> get;
    private final Map<String, Endpoint> post;

    /** Each path in one of the maps only. */
    Routes(Map<String, Endpoint> get, Map<String, Endpoint> post) {
        this.get = Map.copyOf(get);
        this.post = Map.copyOf(post);
    }

    @Override
    public @Nullable Problem check(HttpServerExchange exchange) {
        String path = exchange.getRequestURI();
        if (get.containsKey(path)) {
            return method("GET", exchange);
        }
        if (post.containsKey(path)) {
            return method("POST", exchange);
        }
        return Problem.of(404, "not-found", "No such path");
    }

    /** Where a request that passed {@link #check} goes. */
    Endpoint endpoint(HttpServerExchange exchange) {
        String path = exchange.getRequestURI();
        Endpoint endpoint = get.get(path);
        return endpoint != null ? endpoint : Objects.requireNonNull(post.get(path), "Unchecked request");
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
