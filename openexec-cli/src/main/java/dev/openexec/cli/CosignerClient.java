package dev.openexec.cli;

import dev.openexec.evidence.Witness;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Carries checkpoints to witnesses over HTTP (C2SP tlog-witness). Follows no redirect, and waits for nobody for long. */
final class CosignerClient {

    private static final int MAX_ANSWER = 1 << 16;

    private final HttpClient http;
    private final Duration patience;

    /**
     * A client.
     *
     * @param patience for one whole answer
     */
    CosignerClient(Duration patience) {
        this.patience = patience;
        this.http = HttpClient.newBuilder().connectTimeout(patience).build();
    }

    /** What the witness at this URL says to the request. */
    Witness.Reply addCheckpoint(String url, String request) throws IOException {
        HttpRequest post;
        try {
            post = HttpRequest.newBuilder(URI.create(url.replaceAll("/+$", "") + "/add-checkpoint"))
                    .header("Content-Type", "text/plain; charset=utf-8")
                    .POST(BodyPublishers.ofString(request))
                    .build();
        } catch (IllegalArgumentException e) {
            throw new IOException("its URL is none of http or https", e);
        }
        CompletableFuture<Witness.Reply> reply = http.sendAsync(post, BodyHandlers.ofInputStream())
                .thenApplyAsync(CosignerClient::read); // which a witness may let wait for ever
        try {
            return reply.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no whole answer within " + patience.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            String why = e.getCause() instanceof ConnectException ? "it cannot be reached" : "no answer";
            throw new IOException(why + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static Witness.Reply read(HttpResponse<InputStream> response) {
        try (InputStream body = response.body()) {
            byte[] bytes = body.readNBytes(MAX_ANSWER);
            if (body.read() >= 0) {
                throw new IOException("longer than " + MAX_ANSWER + " octets");
            }
            return new Witness.Reply(response.statusCode(), new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
