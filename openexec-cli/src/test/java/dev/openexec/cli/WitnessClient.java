package dev.openexec.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;

/** Asks a witness. */
final class WitnessClient {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String address;

    /** Of the witness at {@code http://host:port}. */
    WitnessClient(String address) {
        this.address = address;
    }

    HttpResponse<String> ask(String request) throws IOException, InterruptedException {
        return ask("POST", "/add-checkpoint", BodyPublishers.ofString(request));
    }

    HttpResponse<String> ask(String method, String path, BodyPublisher body) throws IOException, InterruptedException {
        return HTTP.send(request(method, path, body), BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> begin(String request) {
        return HTTP.sendAsync(
                request("POST", "/add-checkpoint", BodyPublishers.ofString(request)), BodyHandlers.ofString());
    }

    private HttpRequest request(String method, String path, BodyPublisher body) {
        return HttpRequest.newBuilder(URI.create(address + path))
                .method(method, body)
                .build();
    }
}
