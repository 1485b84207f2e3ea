package dev.openexec.server;

import io.undertow.server.HttpServerExchange;
import org.jspecify.annotations.Nullable;

/** Looks at a request's head before its body is read. */
@FunctionalInterface
interface Guard {

    /** Why the request is refused, or null. A refused request is the last on its connection. */
    @Nullable Problem check(HttpServerExchange exchange);
}
