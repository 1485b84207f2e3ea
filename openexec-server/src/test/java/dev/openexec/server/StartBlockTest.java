package dev.openexec.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
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

    private static List<String> block(String host) throws ConfigurationException, UnknownHostException {
        Settings settings = Environment.read(EXPOSED, List.of("--host", host));
        return StartBlock.lines(settings, new InetSocketAddress(InetAddress.getByName(host), 5001), List.of("echo"));
    }
}
