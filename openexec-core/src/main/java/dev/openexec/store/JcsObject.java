package dev.openexec.store;

import dev.openexec.json.Json;
import org.jspecify.annotations.Nullable;

/** Writes an object as RFC 8785 has it: members in the order of their names, which is for the caller to keep, and no space. */
final class JcsObject {

    private final StringBuilder out;
    private String last = "";

    JcsObject(int capacity) {
        out = new StringBuilder(capacity).append('{');
    }

    /** A text; no member at all for null. */
    JcsObject text(String name, @Nullable String text) {
        if (text != null) {
            name(name);
            Json.jcs(text, out);
        }
        return this;
    }

    JcsObject number(String name, long number) {
        name(name);
        out.append(number);
        return this;
    }

    /** What is JSON already; no member at all for null. */
    JcsObject json(String name, @Nullable String json) {
        if (json != null) {
            name(name);
            out.append(json);
        }
        return this;
    }

    String end() {
        return out.append('}').toString();
    }

    private void name(String name) {
        if (last.compareTo(name) >= 0) {
            throw new IllegalStateException("Member " + name + " stands before " + last);
        }
        if (!last.isEmpty()) {
            out.append(',');
        }
        last = name;
        out.append('"').append(name).append("\":");
    }
}
