package dev.openexec.server;

import dev.openexec.json.Json;
import dev.openexec.json.MalformedJsonException;
import java.util.Map;

/**
 * A response as it came.
 *
 * @param status 0 if the server closed without an answer
 * @param headers by lower-case name
 */
record RawResponse(int status, Map<String, String> headers, String body) {

    private static final String PROBLEM = "urn:openexec:problem:";

    Json json() {
        try {
            return Json.parse(body);
        } catch (MalformedJsonException e) {
            throw new AssertionError("Not JSON: " + body, e);
        }
    }

    /** A string member of the body. */
    String text(String member) {
        return json().get(member).orElseThrow().asString();
    }

    /** The name of the problem; empty if the body is none. */
    String problem() {
        return "application/problem+json".equals(headers.get("content-type"))
                ? text("type").substring(PROBLEM.length())
                : "";
    }
}
