package dev.openexec.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code GET /health}: how the boundary is configured. It says nothing about whether requests succeed; {@code /ready} does.
 *
 * @param allowList the only actions that may run; empty where there is no such list
 */
record Health(boolean signed, Optional<List<String>> allowList) {

    Reply reply() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("status", "healthy");
        members.put("exec_mode", signed ? "clawshield" : "demo");
        members.put("signature_verification", signed ? "enabled" : "disabled");
        members.put("restriction", allowList.isPresent() ? "restricted" : "open");
        allowList.ifPresentOrElse(
                names -> members.put("allow_list", names),
                () -> members.put("warning", "No execution allow-list configured"));
        return Answer.ok(members);
    }
}
