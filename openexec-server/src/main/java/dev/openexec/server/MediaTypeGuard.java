package dev.openexec.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import org.jspecify.annotations.Nullable;

/**
 * Lets nothing but JSON in. A missing type is refused as well: a web page can send a body without one to any host without
 * asking first, but not a body of this type.
 */
final class MediaTypeGuard implements Guard {

    @Override
    public @Nullable Problem check(HttpServerExchange exchange) {
        if (!exchange.getRequestMethod().equals(Methods.POST)) {
            return null;
        }
        HeaderMap headers = exchange.getRequestHeaders();
        if (headers.contains(Headers.CONTENT_ENCODING)) {
            return Problem.of(415, "unsupported-media-type", "Send the body without Content-Encoding");
        }
        HeaderValues types = headers.get(Headers.CONTENT_TYPE);
        if (types == null || types.size() != 1 || !isJson(types.getFirst())) {
            return Problem.of(
                    415,
                    "unsupported-media-type",
                    "Send Content-Type: application/json (with curl: -H 'Content-Type: application/json')");
        }
        return null;
    }

    private static boolean isJson(String type) {
        int parameters = type.indexOf(';');
        String essence = parameters < 0 ? type : type.substring(0, parameters);
        return essence.strip().equalsIgnoreCase("application/json");
    }
}
