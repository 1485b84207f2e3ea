package dev.openexec.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.testkit.TestApprovals;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The one jar, as its users run it: in processes that start, refuse to start, are stopped and are killed. */
@Tag("jar")
@Timeout(120)
class ServerJarTest {

    private static final String ECHO = "{\"action\":\"echo\",\"payload\":{\"msg\":\"hello\"},\"nonce\":\"n\"}";

    @TempDir
    Path folder;

    @Test
    void without_configuration_it_serves_demo_mode_and_says_so() throws Exception {
        try (ServerProcess server =
                ServerProcess.jar(folder, Map.of(), "--port", "0").awaitStart()) {
            assertThat(server.startBlock()).hasSize(6);
            assertThat(server.startBlock().get(0)).matches("OpenExec [0-9].*");
            assertThat(server.startBlock().get(1)).contains("demo");
            assertThat(server.startBlock().get(2)).matches("  address +http://127\\.0\\.0\\.1:[1-9][0-9]*");
            assertThat(server.startBlock().get(3)).endsWith("SQLite file openexec.db");
            assertThat(server.startBlock().get(4)).endsWith("add, echo");
            assertThat(server.startBlock().get(5)).contains("curl ", "/execute ");
            assertThat(server.post("/execute", ECHO).status()).isEqualTo(200);
            assertThat(folder.resolve("openexec.db")).exists();

            server.terminate();
            assertThat(server.rest()).isEmpty();
            assertThat(server.exitStatus()).isZero();
        }
    }

    @Test
    void on_every_interface_it_answers_at_the_address_that_it_prints() throws Exception {
        Map<String, String> environment = Map.of("OPENEXEC_EXPOSE_WITHOUT_CALLER_AUTHENTICATION", "true");
        try (ServerProcess server = ServerProcess.jar(folder, environment, "--port=0", "--host=0.0.0.0")
                .awaitStart()) {
            try (RawConnection connection = server.connect()) {
                connection.send("GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
                assertThat(connection.read().status()).isEqualTo(200);
            }
            try (RawConnection connection = server.connect()) {
                connection.send("GET /health HTTP/1.1\r\nHost: 0.0.0.0\r\n\r\n");
                assertThat(connection.read().problem()).isEqualTo("misdirected");
            }
        }
    }

    @Test
    void every_mistake_is_a_line_and_the_status_is_78() throws Exception {
        Map<String, String> environment = Map.of("OPENEXEC_MODE", "clawshield", "OPENEXEC_TYPO", "x");
        try (ServerProcess server = ServerProcess.jar(folder, environment, "--host=0.0.0.0", "--port", "x")) {
            assertThat(server.rest())
                    .hasSize(5)
                    .anyMatch(line -> line.startsWith("CLAWSHIELD_PUBLIC_KEY: "))
                    .anyMatch(line -> line.startsWith("CLAWSHIELD_TENANT_ID: "))
                    .anyMatch(line -> line.startsWith("OPENEXEC_TYPO: "))
                    .anyMatch(line -> line.startsWith("--host: not a loopback address"))
                    .anyMatch(line -> line.startsWith("--port: "));
            assertThat(server.exitStatus()).isEqualTo(78);
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void an_action_that_is_not_installed_is_a_mistake() throws Exception {
        try (ServerProcess server = ServerProcess.jar(folder, Map.of("OPENEXEC_ACTIONS", "absent"), "--port", "0")) {
            assertThat(server.rest())
                    .singleElement()
                    .asString()
                    .startsWith("OPENEXEC_ACTIONS: No installed action is named absent");
            assertThat(server.exitStatus()).isEqualTo(78);
        }
    }

    @Test
    void demo_mode_does_not_open_a_ledger_of_clawshield_mode() throws Exception {
        TestApprovals approver = TestApprovals.forTenant("acme");
        Map<String, String> clawshield = Map.of(
                "OPENEXEC_MODE", "clawshield",
                "CLAWSHIELD_TENANT_ID", "acme",
                "CLAWSHIELD_PUBLIC_KEY", approver.publicKeyPem());
        try (ServerProcess server =
                ServerProcess.jar(folder, clawshield, "--port=0").awaitStart()) {
            assertThat(server.post("/execute", ECHO).problem()).isEqualTo("approval-missing");
            server.terminate();
            assertThat(server.exitStatus()).isZero();
        }
        try (ServerProcess server = ServerProcess.jar(folder, Map.of(), "--port=0")) {
            assertThat(server.rest()).hasSize(1).first().asString().startsWith("OPENEXEC_MODE: ");
            assertThat(server.exitStatus()).isEqualTo(78);
        }
    }

    @Test
    void a_database_of_the_python_reference_is_imported_and_replayed_in_demo_mode() throws Exception {
        try (Connection reference = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("openexec.db"));
                Statement statement = reference.createStatement()) {
            statement.execute("CREATE TABLE execution_log (id VARCHAR NOT NULL, action VARCHAR NOT NULL, payload TEXT,"
                    + " result TEXT, nonce VARCHAR NOT NULL, approved BOOLEAN, timestamp DATETIME,"
                    + " PRIMARY KEY (id), UNIQUE (nonce))");
            statement.execute("INSERT INTO execution_log VALUES ('63b93b39-c2e4-4dba-8fc2-fa1b2e3b3b52', 'echo',"
                    + " '{\"msg\": \"hello\"}', '{\"echo\": {\"msg\": \"hello\"}}', 'n', 1,"
                    + " '2026-11-22 11:00:00.000001')");
        }
        for (String start : List.of("first", "second")) {
            try (ServerProcess server =
                    ServerProcess.jar(folder, Map.of(), "--port", "0").awaitStart()) {
                assertThat(server.startBlock().stream().filter(line -> line.contains("Imported 1 executions")))
                        .hasSize(start.equals("first") ? 1 : 0);
                assertThat(server.post("/execute", ECHO).body())
                        .contains(
                                "\"id\":\"63b93b39-c2e4-4dba-8fc2-fa1b2e3b3b52\"",
                                "\"receipt\":\"228565782207eec9e2348f4a599f09c021959401b1a1e87e5d79269548fe221f\"",
                                "\"replayed\":true",
                                "\"result\":{\"echo\":{\"msg\":\"hello\"}}");
            }
        }
    }

    @Test
    void a_port_in_use_is_said_and_the_status_is_69() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerProcess server =
                        ServerProcess.jar(folder, Map.of(), "--port", Integer.toString(taken.getLocalPort()))) {
            assertThat(server.rest())
                    .containsExactly("OPENEXEC_HOST, OPENEXEC_PORT: cannot listen on 127.0.0.1:" + taken.getLocalPort()
                            + ": Address already in use");
            assertThat(server.exitStatus()).isEqualTo(69);
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void a_ledger_that_cannot_be_had_is_said_and_the_status_is_69() throws Exception {
        Files.writeString(folder.resolve("openexec.db"), "not a database ".repeat(100));
        try (ServerProcess server = ServerProcess.jar(folder, Map.of(), "--port=0")) {
            assertThat(server.rest()).hasSize(1).first().asString().startsWith("OPENEXEC_DB_URL: schema-mismatch: ");
            assertThat(server.exitStatus()).isEqualTo(69);
        }
    }

    @Test
    void what_is_unforeseen_at_the_start_is_said_without_its_message_and_the_status_is_70() throws Exception {
        String noNetwork = "-Djava.nio.channels.spi.SelectorProvider=absent"; // the HTTP library finds none then
        try (ServerProcess server = ServerProcess.jar(folder, Map.of("JAVA_TOOL_OPTIONS", noNetwork), "--port=0")) {
            assertThat(server.rest())
                    .contains("Not started: java.lang.IllegalArgumentException")
                    .anyMatch(line -> line.startsWith("\tat dev.openexec.server.Server.start("))
                    .noneMatch(line -> line.contains("XNIO0"));
            assertThat(server.exitStatus()).isEqualTo(70);
        }
    }

    @Test
    void an_error_of_the_virtual_machine_ends_the_process_with_one_line_and_status_70() throws Exception {
        try (ServerProcess server = ServerProcess.withPlugin(folder, Map.of("OPENEXEC_ACTIONS", "fatal"), "--port=0")
                .awaitStart()) {
            server.post("/execute", "{\"action\":\"fatal\",\"nonce\":\"n\"}");

            assertThat(server.rest()).containsExactly("Stopped at once: java.lang.OutOfMemoryError");
            assertThat(server.exitStatus()).isEqualTo(70);
        }
    }

    @Test
    void heads_that_promise_more_than_the_memory_there_is_do_not_end_it() throws Exception {
        String request = RawConnection.post("/execute", " ".repeat(262_144));
        String head = request.stripTrailing() + "\r\nExpect: 100-continue\r\n\r\n";
        List<RawConnection> connections = new ArrayList<>();
        try (ServerProcess server = ServerProcess.jar(folder, Map.of("JAVA_TOOL_OPTIONS", "-Xmx64m"), "--port=0")
                .awaitStart()) {
            int refused = 0;
            for (int i = 0; i < 400; i++) {
                RawConnection connection = server.connect();
                connections.add(connection);
                connection.send(head);
                refused += connection.read().status() == 503 ? 1 : 0;
            }

            assertThat(refused).isPositive();
            assertThat(server.post("/execute", ECHO).status()).isIn(200, 503);
        } finally {
            for (RawConnection connection : connections) {
                connection.close();
            }
        }
    }

    @Test
    void help_and_version_are_answered() throws Exception {
        try (ServerProcess help = ServerProcess.jar(folder, Map.of(), "--help");
                ServerProcess version = ServerProcess.jar(folder, Map.of(), "--version")) {
            assertThat(String.join("\n", help.rest()))
                    .contains(Variable.OPENEXEC_MODE.flag(), "clawshield")
                    .contains("\n  0 ", "\n  69 ", "\n  70 ", "\n  78 ");
            assertThat(help.exitStatus()).isZero();
            assertThat(version.rest()).hasSize(1).first().asString().matches("OpenExec [0-9].*");
            assertThat(version.exitStatus()).isZero();
        }
    }

    @Test
    void sigterm_lets_what_runs_finish_and_be_answered() throws Exception {
        try (ServerSocket gate = new ServerSocket(0);
                ServerProcess server = gated();
                RawConnection connection = server.connect()) {
            connection.send(RawConnection.post("/execute", gated(gate, "n")));
            try (Socket action = gate.accept()) {
                server.terminate();
                action.getOutputStream().write(7);
            }

            assertThat(connection.read().json().get("result").orElseThrow().canonical())
                    .isEqualTo("{\"told\":7}");
            assertThat(server.exitStatus()).isZero();
        }
    }

    @Test
    void after_kill_9_answers_are_replayed_and_an_open_claim_never_runs_again() throws Exception {
        try (ServerSocket gate = new ServerSocket(0)) {
            String finished = gated(gate, "finished");
            String open = gated(gate, "open");
            RawResponse answer;
            try (ServerProcess server = gated();
                    RawConnection first = server.connect();
                    RawConnection second = server.connect()) {
                first.send(RawConnection.post("/execute", finished));
                try (Socket action = gate.accept()) {
                    action.getOutputStream().write(1);
                }
                answer = first.read();
                second.send(RawConnection.post("/execute", open));
                try (Socket action = gate.accept()) {
                    server.kill();
                    assertThat(action.getInputStream().read()).isNegative();
                }
            }
            gate.setSoTimeout(1);
            try (ServerProcess server = gated()) {
                assertThat(server.post("/execute", finished).body())
                        .isEqualTo(answer.body().replace("\"replayed\":false", "\"replayed\":true"));
                assertThat(server.post("/execute", open).problem()).isEqualTo("outcome-indeterminate");
                assertThat(server.post("/execute", open).problem()).isEqualTo("outcome-indeterminate");
                assertNobodyConnected(gate);
            }
        }
    }

    @Test
    void the_jar_is_complete_unsigned_and_keeps_the_licences_of_what_is_in_it() throws IOException {
        try (ZipFile jar = new ZipFile(ServerProcess.jar())) {
            List<String> names = jar.stream().map(entry -> entry.getName()).toList();

            assertThat(names).noneMatch(name -> name.matches("META-INF/[^/]*\\.(SF|RSA|DSA|EC)|.*module-info\\.class"));
            assertThat(names).contains("META-INF/LICENSE", "META-INF/LICENSE.md", "META-INF/NOTICE");
            assertThat(new String(
                            jar.getInputStream(jar.getEntry("META-INF/MANIFEST.MF"))
                                    .readAllBytes(),
                            StandardCharsets.UTF_8))
                    .contains("Multi-Release: true", "Enable-Native-Access: ALL-UNNAMED");
        }
    }

    private ServerProcess gated() throws IOException {
        return ServerProcess.withPlugin(folder, Map.of("OPENEXEC_ACTIONS", "gated"), "--port=0")
                .awaitStart();
    }

    private static String gated(ServerSocket gate, String nonce) {
        return "{\"action\":\"gated\",\"payload\":{\"port\":" + gate.getLocalPort() + "},\"nonce\":\"" + nonce + "\"}";
    }

    private static void assertNobodyConnected(ServerSocket gate) {
        assertThatThrownBy(gate::accept).isInstanceOf(SocketTimeoutException.class);
    }
}
