package dev.openexec.campaigns;

import dev.openexec.Execution;
import dev.openexec.ExecutionFailedException;
import dev.openexec.InDoubtException;
import dev.openexec.RefusedException;
import dev.openexec.json.Json;
import dev.openexec.store.StoreException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An answer of an executor in the words of the server's: status and body. */
final class Answers {

    private Answers() {}

    static String words(@Nullable Execution execution, @Nullable Throwable failure) {
        if (execution != null) {
            String head = Json.of(Map.of(
                            "id", execution.id().toString(),
                            "receipt", execution.receipt().hash(),
                            "replayed", execution.replayed()))
                    .canonical();
            String body = head.substring(0, head.length() - 1) + ",\"result\":"
                    + execution.result().canonical() + "}";
            return "\"status\":200,\"body\":" + quoted(body);
        }
        return problem(failure);
    }

    private static String problem(@Nullable Throwable failure) {
        if (failure instanceof ExecutionFailedException failed) {
            return problem(424, "action-failed", failed.executionId().toString());
        }
        if (failure instanceof InDoubtException doubt) {
            return problem(
                    500,
                    doubt.doubt().problem(),
                    doubt.executionId().map(Object::toString).orElse(""));
        }
        if (failure instanceof RefusedException refused) {
            return problem(403, refused.reason().problem(), "");
        }
        if (failure instanceof StoreException store) {
            return problem(503, store.reason().problem(), "");
        }
        return problem(500, "undocumented: " + failure, "");
    }

    private static String problem(int status, String name, String execution) {
        Map<String, Object> body = new HashMap<>();
        body.put("type", "urn:openexec:problem:" + name);
        if (!execution.isEmpty()) {
            body.put("exec_id", execution);
        }
        return "\"status\":" + status + ",\"body\":" + quoted(Json.of(body).canonical());
    }

    /** A text as JSON: the value of the only member of an object. */
    private static String quoted(String text) {
        String object = Json.of(Map.of("t", text)).canonical();
        return object.substring("{\"t\":".length(), object.length() - 1);
    }
}
