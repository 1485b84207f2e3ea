package dev.openexec.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.Executor;
import dev.openexec.json.Digest;
import dev.openexec.server.plugin.Gated;
import dev.openexec.store.ExecutionStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartBlockTest {

    private static final Map<String, String> EXPOSED = Map.of("OPENEXEC_EXPOSE_WITHOUT_CALLER_AUTHENTICATION", "true");

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void a_wildcard_is_shown_as_an_address_that_works_here_and_as_exposed(String host) throws Exception {
        List<String> block = block(host);

        assertThat(block)
                .contains("  address   http://127.0.0.1:5001")
                .anyMatch(line -> line.startsWith("  exposed   "))
                .noneMatch(line -> line.contains("0.0.0.0") || line.contains("::"));
        assertThat(block.get(block.size() - 1)).startsWith("  try       curl http://127.0.0.1:5001/execute ");
    }

    @Test
    void another_address_is_shown_as_it_is_and_as_exposed() throws Exception {
        assertThat(block("192.0.2.1"))
                .contains("  address   http://192.0.2.1:5001")
                .anyMatch(line -> line.startsWith("  exposed   "));
    }

    @Test
    void a_loopback_address_is_not_exposed() throws Exception {
        assertThat(block("127.0.0.1")).noneMatch(line -> line.startsWith("  exposed   "));
    }

    @Test
    void the_request_to_try_stands_in_the_way_of_no_other() throws Exception {
        assertThat(block("127.0.0.1")).last().asString().contains("\"nonce\":\"try-1\"");
    }

    @Test
    void a_plugin_is_shown_with_the_digest_of_its_code_if_it_may_run() throws Exception {
        assertThat(block("127.0.0.1", "--actions=gated"))
                .containsSequence("  actions   echo, gated", "  plugin    gated, SHA-256 " + digestOf(Gated.class));
        assertThat(block("127.0.0.1", "--actions=gated", "--allowed-actions=echo"))
                .contains("  actions   echo")
                .noneMatch(line -> line.contains("gated"));
    }

    private static List<String> block(String host, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--host", host));
        arguments.addAll(List.of(more));
        Settings settings = Environment.read(EXPOSED, arguments);
        try (Executor executor = Executor.with(ExecutionStore.inMemory(), settings.policy())
                .action(new Echo())
                .action(new Gated())
                .build()) {
            return StartBlock.lines(settings, new InetSocketAddress(InetAddress.getByName(host), 5001), executor);
        }
    }

    private static String digestOf(Class<?> type) throws IOException {
        try (InputStream file = type.getResourceAsStream(type.getSimpleName() + ".class")) {
            return Digest.of(Objects.requireNonNull(file)).hex();
        }
    }
}
