package dev.openexec.server;

import java.util.Map;

/** What is sent back for a request. */
sealed interface Reply permits Answer, Problem {

    /** The HTTP status. */
    int status();

    /** Header fields beyond those that every response carries. */
    Map<String, String> headers();

    /** The same reply with one field more. */
    Reply withHeader(String name, String value);

    String contentType();

    /**
     * The body, JSON in printable ASCII.
     *
     * @param requestId names this request and no other
     */
    String body(String requestId);
}
