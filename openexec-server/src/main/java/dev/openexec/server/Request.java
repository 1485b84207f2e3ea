package dev.openexec.server;

import io.undertow.util.HeaderMap;

/** What an endpoint is to answer. It has passed every guard. */
final class Request {

    private final HeaderMap headers;
    private final byte[] body;

    Request(HeaderMap headers, byte[] body) {
        this.headers = headers;
        this.body = body;
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
