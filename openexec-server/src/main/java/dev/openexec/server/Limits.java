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
 * @param allBodiesBytes of the bodies of all requests under way, together
 */
record Limits(
        int bodyBytes,
        Duration head,
        Duration body,
        Duration idle,
        Duration response,
        int connections,
        int allBodiesBytes) {

    /** Octets of the request line and the header fields together. */
    static final int HEAD_BYTES = 16 * 1024;

    static final int HEADER_FIELDS = 50;

    private static final int MAX_BODIES_BYTES = 64 * 1024 * 1024;

    static Limits of(int bodyBytes) {
        return new Limits(
                bodyBytes,
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                1024,
                allBodiesBytes(bodyBytes));
    }

    /** An eighth of the heap: a body is copied, parsed and written again. The longest body has to fit in any case. */
    private static int allBodiesBytes(int bodyBytes) {
        long share = Math.min(MAX_BODIES_BYTES, Runtime.getRuntime().maxMemory() / 8);
        return Math.max(bodyBytes, Math.toIntExact(share));
    }
}
