package dev.openexec.server;

import java.time.Duration;

/**
 * How much of the server one client may hold, and for how long.
 *
 * @param bodyBytes the longest body
 * @param head from the first byte of a request to the end of its head
 * @param body from the end of the head to the end of the body
 * @param idle a connection without a request
 * @param response from the first byte of a response to its last
 * @param connections at once, all together
 */
record Limits(int bodyBytes, Duration head, Duration body, Duration idle, Duration response, int connections) {

    /** Octets of the request line and the header fields together. */
    static final int HEAD_BYTES = 16 * 1024;

    static final int HEADER_FIELDS = 50;

    static Limits of(int bodyBytes) {
        return new Limits(
                bodyBytes,
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                1024);
    }
}
