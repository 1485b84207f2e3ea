package dev.openexec.server;

import dev.openexec.Executor.Readiness;
import java.util.Map;

/** {@code GET /ready}: whether a claim would be durable now. */
final class Ready {

    private Ready() {}

    static Reply reply(Readiness readiness) {
        if (!readiness.ready()) {
            return Answer.of(503, Map.of("ready", false, "reasons", readiness.reasons()));
        }
        return Answer.of(200, readiness.durable() ? Map.of("ready", true) : Map.of("ready", true, "durable", false));
    }
}
