package dev.openexec.cli;

import com.sun.net.httpserver.HttpServer;
import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.evidence.Checkpoint;
import dev.openexec.evidence.VerifierKey;
import dev.openexec.evidence.Witness;
import dev.openexec.evidence.Witness.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A witness over HTTP that forgets everything when it is closed, and can be made to answer what it should not. */
final class TestWitness implements AutoCloseable, Witness.State {

    private final Map<String, Checkpoint> kept = new HashMap<>();
    private final Witness witness;
    private final HttpServer server;
    private final Ed25519SigningKey key = Ed25519SigningKey.generate();
    private volatile @Nullable Reply instead;

    TestWitness(String name, VerifierKey log, InstantSource clock) throws IOException {
        witness = new Witness(name, key, List.of(log), this, clock);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/w/add-checkpoint", exchange -> {
            String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Reply scripted = instead;
            Reply reply = scripted == null ? witness.addCheckpoint(request) : scripted;
            byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    /** From now on it answers this to whatever it is asked; null for what is right. */
    void answer(@Nullable Reply reply) {
        instead = reply;
    }

    /** What it signs with, to sign what it should not. */
    Ed25519SigningKey key() {
        return key;
    }

    synchronized void know(Checkpoint checkpoint) {
        kept.put(checkpoint.origin(), checkpoint);
    }

    Optional<Long> size(String origin) {
        return latest(origin).map(Checkpoint::size);
    }

    /** Its line in a policy. */
    String line() {
        VerifierKey key = witness.verifierKey();
        return "witness " + key.name() + " " + key + " http://127.0.0.1:"
                + server.getAddress().getPort() + "/w/\n";
    }

    @Override
    public synchronized Optional<Checkpoint> latest(String origin) {
        return Optional.ofNullable(kept.get(origin));
    }

    @Override
    public synchronized boolean advance(String origin, Optional<Checkpoint> from, Checkpoint to) {
        if (!latest(origin).equals(from)) {
            return false;
        }
        kept.put(origin, to);
        return true;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
