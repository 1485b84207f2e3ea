package dev.openexec.json;

import java.util.List;

/**
 * Writes a tree as {@code json.dumps(value, sort_keys=True)} of CPython 3 does; the tree is in canonical order
 * already, its numbers carry their canonical text.
 */
final class CanonicalWriter {

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final StringBuilder out = new StringBuilder();
    private final String itemSeparator;
    private final String nameSeparator;

    private CanonicalWriter(String itemSeparator, String nameSeparator) {
        this.itemSeparator = itemSeparator;
        this.nameSeparator = nameSeparator;
    }

    /** With {@code separators=(",", ":")}. */
    static String compact(Json json) {
        return new CanonicalWriter(",", ":").write(json);
    }

    /** With Python's default separators. */
    static String spaced(Json json) {
        return new CanonicalWriter(", ", ": ").write(json);
    }

    private String write(Json json) {
        value(json);
        return out.toString();
    }

    private void value(Json json) {
        switch (json.type()) {
            case OBJECT -> object(json.nameList(), json.children());
            case ARRAY -> array(json.children());
            case STRING -> string(json.text());
            case INTEGER, FLOAT, BOOLEAN, NULL -> out.append(json.text());
        }
    }

    private void object(List<String> names, List<Json> values) {
        out.append('{');
        for (int i = 0; i < names.size(); i++) {
            if (i > 0) {
                out.append(itemSeparator);
            }
            string(names.get(i));
            out.append(nameSeparator);
            value(values.get(i));
        }
        out.append('}');
    }

    private void array(List<Json> items) {
        out.append('[');
        for (int i = 0; i < items.size(); i++) {
            if (i > 0) {
                out.append(itemSeparator);
            }
            value(items.get(i));
        }
        out.append(']');
    }

    private void string(String string) {
        out.append('"');
        int plainFrom = 0;
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                out.append(string, plainFrom, i);
                escape(c);
                plainFrom = i + 1;
            }
        }
        out.append(string, plainFrom, string.length()).append('"');
    }

    private void escape(char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            default ->
                out.append("\\u")
                        .append(HEX[c >> 12])
                        .append(HEX[c >> 8 & 0xF])
                        .append(HEX[c >> 4 & 0xF])
                        .append(HEX[c & 0xF]);
        }
    }
}
