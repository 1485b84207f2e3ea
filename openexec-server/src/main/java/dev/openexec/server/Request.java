package dev.openexec.server;

import io.undertow.util.HeaderMap;

/** What an endpoint is to answer. It has passed every guard. */
final class Request {

    private final String path;
    private final HeaderMap headers;
    private final byte[] body;

    Request(String path, HeaderMap headers, byte[] body) {
        this.path = path;
        this.headers = headers;
        this.body = body;
    }

    /** As it was sent, without a query. */
    String path() {
        return path;
    }

    /** As they were sent. */
    HeaderMap headers() {
        return headers;
    }

    /** The whole body; empty where the method has none. */
    byte[] body() {
        return body;
    }
}
