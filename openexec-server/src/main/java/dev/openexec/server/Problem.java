package dev.openexec.server;

import dev.openexec.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A request was not answered as asked: a problem document (RFC 9457).
 *
 * @param name stable, lower case with hyphens; the last part of the problem's {@code type}
 * @param detail one sentence for people, in the reference's words where it has any; never payload, SQL or a tenant
 * @param executionId the execution it is about, where there is one
 * @param resolved whether a person settled it; said only if so
 * @param evidence of that execution as JSON, if it was asked for
 */
record Problem(
        int status,
        String name,
        String detail,
        Optional<UUID> executionId,
        boolean resolved,
        Optional<String> evidence,
        Map<String, String> headers)
        implements Reply {

    static Problem of(int status, String name, String detail) {
        return new Problem(status, name, detail, Optional.empty(), false, Optional.empty(), Map.of());
    }

    Problem withExecution(Optional<UUID> id) {
        return new Problem(status, name, detail, id, resolved, evidence, headers);
    }

    Problem asResolved() {
        return new Problem(status, name, detail, executionId, true, evidence, headers);
    }

    @Override
    public Problem withHeader(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new Problem(status, name, detail, executionId, resolved, evidence, Map.copyOf(more));
    }

    /** Tells the caller to ask again, after this many seconds. */
    Problem retryAfter(int seconds) {
        return withHeader("Retry-After", Integer.toString(seconds));
    }

    @Override
    public Problem withEvidence(String evidence) {
        return new Problem(status, name, detail, executionId, resolved, Optional.of(evidence), headers);
    }

    @Override
    public String contentType() {
        return "application/problem+json";
    }

    @Override
    public byte[] body(String requestId) {
        Map<String, Object> members = new HashMap<>();
        members.put("type", "urn:openexec:problem:" + name);
        members.put("title", title());
        members.put("status", status);
        members.put("detail", detail);
        members.put("instance", "urn:uuid:" + requestId);
        executionId.ifPresent(id -> members.put("exec_id", id.toString()));
        if (resolved) {
            members.put("resolved", true);
        }
        String document = Json.of(members).canonical();
        return evidence.map(found -> Reply.with(document, "evidence", found))
                .orElse(document)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** The name as people write it: {@code nonce-reused} is "Nonce reused". */
    private String title() {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1).replace('-', ' ');
    }
}
