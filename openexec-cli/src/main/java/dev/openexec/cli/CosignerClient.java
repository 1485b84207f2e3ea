package dev.openexec.cli;

import dev.openexec.evidence.Witness;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Carries checkpoints to witnesses over HTTP (C2SP tlog-witness). Follows no redirect. */
final class CosignerClient {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MAX_ANSWER = 1 << 16;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    /** What the witness at this URL says to the request. */
    Witness.Reply addCheckpoint(String url, String request) throws IOException {
        try {
            HttpRequest post = HttpRequest.newBuilder(URI.create(url.replaceAll("/+$", "") + "/add-checkpoint"))
                    .timeout(PATIENCE)
                    .header("Content-Type", "text/plain; charset=utf-8")
                    .POST(BodyPublishers.ofString(request))
                    .build();
            HttpResponse<InputStream> response = http.send(post, BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                byte[] bytes = body.readNBytes(MAX_ANSWER + 1);
                if (bytes.length > MAX_ANSWER) {
                    throw new IOException("its answer is too long");
                }
                return new Witness.Reply(response.statusCode(), new String(bytes, StandardCharsets.UTF_8));
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("its URL is none of http or https", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
