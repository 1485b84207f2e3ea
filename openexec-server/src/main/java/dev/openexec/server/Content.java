package dev.openexec.server;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Something that is not JSON of ours: a checkpoint, a tile, a bundle of evidence byte for byte.
 *
 * @param contentType of the bytes
 * @param bytes the whole body, encoded so that this is immutable
 */
record Content(String contentType, Map<String, String> headers, String bytes) implements Reply {

    static Content text(String text) {
        return new Content(
                "text/plain; charset=utf-8",
                Map.of(),
                new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    static Content json(String text) {
        return new Content(
                "application/json",
                Map.of(),
                new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    static Content octets(byte[] bytes) {
        return new Content("application/octet-stream", Map.of(), new String(bytes, StandardCharsets.ISO_8859_1));
    }

    @Override
    public int status() {
        return 200;
    }

    @Override
    public Content withHeader(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return new Content(contentType, Map.copyOf(more), bytes);
    }

    @Override
    public Content withEvidence(String json) {
        throw new IllegalStateException("This is about no execution");
    }

    @Override
    public byte[] body(String requestId) {
        return bytes.getBytes(StandardCharsets.ISO_8859_1);
    }
}
