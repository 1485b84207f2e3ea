package dev.openexec.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a witness can do to the tool that carries checkpoints to it. */
class CosignerClientTest {

    @Test
    void an_answer_that_never_ends_is_not_waited_for() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Socket> accepted = CompletableFuture.supplyAsync(() -> promise(listening));
            CosignerClient client = new CosignerClient(Duration.ofSeconds(1));

            assertThatThrownBy(() -> client.addCheckpoint("http://127.0.0.1:" + listening.getLocalPort(), "old 0\n"))
                    .isInstanceOf(IOException.class)
                    .hasMessage("no whole answer within 1 s");
            accepted.join().close();
        }
    }

    /** A body of which one octet comes, and no other. */
    private static Socket promise(ServerSocket listening) {
        try {
            Socket socket = listening.accept();
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx".getBytes(StandardCharsets.US_ASCII));
            return socket;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_redirect_is_not_followed() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            exchange.sendResponseHeaders(307, -1);
            exchange.close();
        });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
            assertThat(new CosignerClient(Duration.ofSeconds(30))
                            .addCheckpoint(url, "old 0\n")
                            .status())
                    .isEqualTo(307);
            assertThat(asked).hasValue(1);
        } finally {
            server.stop(0);
        }
    }
}
