package dev.openexec.server;

import dev.openexec.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * A request was answered as asked.
 *
 * @param json the whole body, in printable ASCII
 */
record Answer(int status, Map<String, String> headers, String json) implements Reply {

    static Answer ok(Map<String, ?> members) {
        return of(200, members);
    }

    static Answer of(int status, Map<String, ?> members) {
        return new Answer(status, Map.of(), Json.of(members).canonical());
    }

    @Override
    public Answer withHeader(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return new Answer(status, Map.copyOf(more), json);
    }

    @Override
    public String contentType() {
        return "application/json";
    }

    @Override
    public Answer withEvidence(String evidence) {
        return new Answer(status, headers, Reply.with(json, "evidence", evidence));
    }

    @Override
    public byte[] body(String requestId) {
        return json.getBytes(StandardCharsets.US_ASCII);
    }
}
