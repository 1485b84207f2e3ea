package dev.openexec.server;

import java.util.Locale;
import java.util.Optional;

/**
 * Everything that can be configured. This table is the documentation: {@code --help} prints it and the README is checked
 * against it. Each variable is also a command line flag of the same meaning, which wins over the variable.
 */
enum Variable {
    OPENEXEC_MODE("demo", "demo or clawshield", "clawshield: nothing runs without a signed approval"),
    CLAWSHIELD_PUBLIC_KEY(
            "",
            "one or more PEM blocks PUBLIC KEY, each an Ed25519 key",
            "whose approvals count; required in clawshield mode, refused in demo mode"),
    CLAWSHIELD_TENANT_ID(
            "",
            "1 to 128 characters of printable ASCII without space",
            "the one tenant whose approvals count; required in clawshield mode, refused in demo mode"),
    OPENEXEC_MAX_APPROVAL_SECONDS(
            "86400",
            "a number from 1 to 31536000",
            "the longest time from an approval's issue to its expiry; refused in demo mode"),
    OPENEXEC_ALLOWED_ACTIONS(
            "",
            "names separated by commas",
            "the only actions that run, all of them registered; unset: all registered ones"),
    OPENEXEC_ACTIONS(
            "",
            "names separated by commas",
            "installed actions to register beside echo and add; they are found on the class path"),
    OPENEXEC_DB_URL(
            "sqlite:///openexec.db",
            "sqlite:///relative.db, sqlite:////absolute.db, sqlite:// (memory) or jdbc:sqlite:path",
            "the ledger; memory in demo mode only"),
    OPENEXEC_HOST("127.0.0.1", "a host name or an IP address of this machine", "where to listen"),
    OPENEXEC_PORT("5000", "a number from 0 to 65535", "where to listen; 0: any free port, which is printed"),
    OPENEXEC_ALLOWED_HOSTS(
            "",
            "host names or IP addresses separated by commas, without port",
            "accepted in the Host field beside localhost, 127.0.0.1, [::1] and OPENEXEC_HOST"),
    OPENEXEC_ALLOWED_ORIGINS(
            "", "origins such as https://example.org separated by commas", "web pages that may send requests"),
    OPENEXEC_MAX_BODY_BYTES("262144", "a number from 1024 to 16777216", "the longest request body"),
    OPENEXEC_EXPOSE_WITHOUT_CALLER_AUTHENTICATION(
            "",
            "true",
            "lets anyone who reaches a host that is not loopback ask for executions; without it such a host is refused");

    private final String defaultValue;
    private final String accepted;
    private final String meaning;

    Variable(String defaultValue, String accepted, String meaning) {
        this.defaultValue = defaultValue;
        this.accepted = accepted;
        this.meaning = meaning;
    }

    /** The value where none is given; empty where there is none. */
    Optional<String> defaultValue() {
        return defaultValue.isEmpty() ? Optional.empty() : Optional.of(defaultValue);
    }

    /** What may be given. */
    String accepted() {
        return accepted;
    }

    /** What it is for. */
    String meaning() {
        return meaning;
    }

    /** The flag: {@code OPENEXEC_DB_URL} is {@code --db-url}. */
    String flag() {
        String name = name().startsWith("OPENEXEC_") ? name().substring("OPENEXEC_".length()) : name();
        return "--" + name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
