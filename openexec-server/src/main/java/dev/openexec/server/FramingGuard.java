package dev.openexec.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import io.undertow.util.Protocols;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Refuses, before a byte of the body is read, every request whose length two readers could see differently. Stricter than
 * RFC 9112 on purpose, and independent of what Undertow made of the same header fields: it reads a length of 2^64+5 as 5
 * and takes a bad chunk size for the end of the body.
 *
 * <p>{@code Upgrade}, which Java's own client sends unless it is told not to, is ignored, as RFC 9110 section 7.8 allows:
 * the connection goes on in HTTP/1.1.
 */
final class FramingGuard implements Guard {

    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,9}");

    private final int maxBody;

    FramingGuard(int maxBody) {
        this.maxBody = maxBody;
    }

    @Override
    public @Nullable Problem check(HttpServerExchange exchange) {
        HeaderMap headers = exchange.getRequestHeaders();
        if (!exchange.getProtocol().equals(Protocols.HTTP_1_1)) {
            return Problem.of(505, "http-version-not-supported", "Only HTTP/1.1 is spoken here");
        }
        if (fields(headers) > Limits.HEADER_FIELDS || headBytes(exchange) > Limits.HEAD_BYTES) {
            return Problem.of(
                    431,
                    "head-too-large",
                    "A request has at most " + Limits.HEADER_FIELDS + " header fields and " + Limits.HEAD_BYTES
                            + " octets before its body");
        }
        if (headers.contains(Headers.TRANSFER_ENCODING)) {
            return Problem.of(411, "length-required", "Send Content-Length instead of Transfer-Encoding");
        }
        return length(exchange, headers.get(Headers.CONTENT_LENGTH));
    }

    /** The length of the body of a request that passed {@link #check}. */
    static int length(HttpServerExchange exchange) {
        String length = exchange.getRequestHeaders().getFirst(Headers.CONTENT_LENGTH);
        return length == null ? 0 : Integer.parseInt(length);
    }

    private @Nullable Problem length(HttpServerExchange exchange, @Nullable HeaderValues lengths) {
        boolean bodiless = exchange.getRequestMethod().equals(Methods.GET)
                || exchange.getRequestMethod().equals(Methods.HEAD);
        if (lengths == null) {
            return exchange.getRequestMethod().equals(Methods.POST)
                    ? Problem.of(411, "length-required", "Send Content-Length")
                    : null;
        }
        if (lengths.size() != 1 || !LENGTH.matcher(lengths.getFirst()).matches()) {
            return Problem.of(400, "invalid-framing", "Send one Content-Length of 1 to 9 digits");
        }
        int length = Integer.parseInt(lengths.getFirst());
        if (bodiless && length > 0) {
            return Problem.of(400, "invalid-framing", "This method has no body");
        }
        return length > maxBody
                ? Problem.of(413, "content-too-large", "A body has at most " + maxBody + " octets")
                : null;
    }

    private static int fields(HeaderMap headers) {
        int fields = 0;
        for (HeaderValues field : headers) {
            fields += field.size();
        }
        return fields;
    }

    /** As on the wire, give or take white space. */
    private static int headBytes(HttpServerExchange exchange) {
        int bytes =
                exchange.getRequestURI().length() + exchange.getQueryString().length();
        for (HeaderValues field : exchange.getRequestHeaders()) {
            for (String value : field) {
                bytes += field.getHeaderName().length() + value.length() + 4;
            }
        }
        return bytes;
    }
}
