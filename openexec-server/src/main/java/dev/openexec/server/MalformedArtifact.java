package dev.openexec.server;

import dev.openexec.json.Json;
import dev.openexec.json.MalformedJsonException;
import java.time.LocalDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The words of the reference for an artifact that breaks the grammar; the verdict has been given already. */
final class MalformedArtifact {

    private MalformedArtifact() {}

    /**
     * What is wrong.
     *
     * @param rule the rule that was broken
     * @param artifact the artifact that broke it
     */
    static String detail(String rule, @Nullable String artifact) {
        return switch (rule) {
            case "action_hash-grammar" -> "Action hash mismatch: approval does not match this request";
            case "signature-base64-grammar", "signature-base64-noncanonical", "signature-S-range" ->
                "Invalid signature: approval artifact is not authentic";
            case "expires_at-grammar", "issued_at-grammar", "timestamp-calendar" -> time(rule, artifact);
            default -> "Malformed approval artifact: " + rule;
        };
    }

    /** The reference looks at the expiry alone, so a fault there is named before one of the issue time. */
    private static String time(String rule, @Nullable String artifact) {
        String expiresAt = member("expires_at", artifact).orElse("");
        if (expiresAt.isEmpty()) {
            return "Missing expires_at in approval artifact";
        }
        boolean expiryIsAtFault = rule.equals("expires_at-grammar") || !isTime(expiresAt);
        return expiryIsAtFault ? "Invalid expires_at timestamp" : "Invalid issued_at timestamp";
    }

    private static Optional<String> member(String name, @Nullable String artifact) {
        try {
            return artifact == null
                    ? Optional.empty()
                    : Json.parse(artifact).get(name).map(Json::asString);
        } catch (MalformedJsonException e) {
            return Optional.empty();
        }
    }

    private static boolean isTime(String text) {
        try {
            LocalDateTime.parse(text);
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }
}
