package dev.openexec.server;

import java.util.Map;

/** What is sent back for a request. */
sealed interface Reply permits Answer, Content, Problem {

    /** The HTTP status. */
    int status();

    /** Header fields beyond those that every response carries. */
    Map<String, String> headers();

    /** The same reply with one field more. */
    Reply withHeader(String name, String value);

    String contentType();

    /**
     * The body.
     *
     * @param requestId names this request and no other
     */
    byte[] body(String requestId);

    /** The same reply with the evidence of its execution. */
    Reply withEvidence(String json);

    /** A JSON object in printable ASCII, with one member more. */
    static String with(String object, String member, String json) {
        return object.substring(0, object.length() - 1) + ",\"" + member + "\":" + json + "}";
    }
}
