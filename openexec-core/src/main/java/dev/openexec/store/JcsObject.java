package dev.openexec.store;

import org.jspecify.annotations.Nullable;

/** Writes an object as RFC 8785 has it: members in the order of their names, which is for the caller to keep, and no space. */
final class JcsObject {

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final StringBuilder out;
    private String last = "";

    JcsObject(int capacity) {
        out = new StringBuilder(capacity).append('{');
    }

    /** A text; no member at all for null. */
    JcsObject text(String name, @Nullable String text) {
        if (text != null) {
            name(name);
            quote(text);
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

    private void quote(String text) {
        out.append('"');
        int plainFrom = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\') {
                out.append(text, plainFrom, i).append('\\');
                escape(c);
                plainFrom = i + 1;
            }
        }
        out.append(text, plainFrom, text.length()).append('"');
    }

    private void escape(char c) {
        switch (c) {
            case '"', '\\' -> out.append(c);
            case '\n' -> out.append('n');
            case '\r' -> out.append('r');
            case '\t' -> out.append('t');
            case '\b' -> out.append('b');
            case '\f' -> out.append('f');
            default -> out.append("u00").append(HEX[c >> 4]).append(HEX[c & 0xF]);
        }
    }
}
