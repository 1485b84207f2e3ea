package dev.openexec.server;

import dev.openexec.Executor;
import dev.openexec.action.Action;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.store.jdbc.LedgerUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A real server on a free loopback port, over a watched ledger in memory. */
final class TestServer implements AutoCloseable {

    static final int MAX_BODY = 4096;

    private final WatchedStore store = new WatchedStore();
    private final Server server;

    private TestServer(Builder builder) throws IOException {
        Executor.Builder executor = Executor.with(store, builder.policy)
                .action(new Echo())
                .action(new Add())
                .waitBudget(builder.waitBudget)
                .softDeadline(builder.softDeadline)
                .hardDeadline(builder.hardDeadline)
                .maxConcurrent(builder.maxConcurrent);
        builder.actions.forEach(executor::action);
        builder.allowed.ifPresent(executor::allowOnly);
        Settings settings = new Settings(
                builder.policy,
                builder.allowed,
                List.of(),
                LedgerUrl.parse("sqlite://"),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Set.of("executor.example"),
                Set.of("https://allowed.example"),
                builder.limits.bodyBytes());
        server = Server.start(executor.build(), settings, builder.limits);
    }

    /** With the default limits, apart from the body's, and these actions beside the built-in ones. */
    static TestServer start(ApprovalPolicy policy, Action<?>... actions) {
        return with(policy).actions(actions).start();
    }

    static Builder with(ApprovalPolicy policy) {
        return new Builder(policy);
    }

    static final class Builder {

        private final ApprovalPolicy policy;
        private Optional<List<String>> allowed = Optional.empty();
        private Limits limits = Limits.of(MAX_BODY);
        private Duration waitBudget = Duration.ofDays(1); // nothing rests on how long a test takes
        private int maxConcurrent = 1024;
        private Duration softDeadline = Duration.ofSeconds(30);
        private Duration hardDeadline = Duration.ofMinutes(10);
        private List<Action<?>> actions = List.of();

        private Builder(ApprovalPolicy policy) {
            this.policy = policy;
        }

        Builder allowOnly(String... names) {
            allowed = Optional.of(List.of(names));
            return this;
        }

        Builder limits(Limits chosen) {
            limits = chosen;
            return this;
        }

        Builder maxConcurrent(int requests) {
            maxConcurrent = requests;
            return this;
        }

        Builder waitBudget(Duration budget) {
            waitBudget = budget;
            return this;
        }

        Builder softDeadline(Duration deadline) {
            softDeadline = deadline;
            return this;
        }

        Builder hardDeadline(Duration deadline) {
            hardDeadline = deadline;
            return this;
        }

        Builder actions(Action<?>... more) {
            actions = List.of(more);
            return this;
        }

        TestServer start() {
            try {
                return new TestServer(this);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    WatchedStore store() {
        return store;
    }

    int port() {
        return server.address().getPort();
    }

    /** A connection of its own. */
    RawConnection connect() throws IOException {
        return new RawConnection(server.address());
    }

    /** Sends these bytes on a connection of their own and reads one response. */
    RawResponse send(String request) throws IOException {
        try (RawConnection connection = connect()) {
            connection.send(request);
            return connection.read();
        }
    }

    RawResponse get(String path) throws IOException {
        return send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    RawResponse post(String path, String json) throws IOException {
        return send(RawConnection.post(path, json));
    }

    @Override
    public void close() {
        server.close();
    }
}
