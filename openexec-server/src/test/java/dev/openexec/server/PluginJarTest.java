package dev.openexec.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.json.Digest;
import dev.openexec.server.ForeignJar.Change;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An action's jar that was made elsewhere and carries both registrations, in the server and in a program of modules. Its
 * other action cannot be initialised, which nobody may notice.
 */
@Timeout(120)
@Tag("jar")
class PluginJarTest {

    private static final String ORDER = "{\"from\":\"alice\",\"to\":\"bob\",\"amount\":1250,\"currency\":\"EUR\"}";
    private static final Change NO_REFUND = new Change(
            "Refund.java", "private final Bank bank;", "private final Bank bank; static { System.exit(3); }");

    @TempDir
    static Path made;

    private static Path plugin;
    private static Path teller;

    @TempDir
    Path folder;

    @BeforeAll
    static void make() throws IOException {
        plugin = ForeignJar.of("transfer-plugin", made, NO_REFUND);
        teller = ForeignJar.of("teller", made);
    }

    @Test
    void the_server_runs_the_action_it_was_told_to_and_keeps_the_digest_of_its_jar() throws Exception {
        String digest = Digest.of(Files.readAllBytes(plugin)).hex();
        try (ServerProcess server = ServerProcess.withPlugin(
                        folder, plugin, Map.of("OPENEXEC_ACTIONS", "transfer"), "--port=0")
                .awaitStart()) {
            assertThat(server.startBlock())
                    .containsSequence("  actions   add, echo, transfer", "  plugin    transfer, SHA-256 " + digest);
            assertThat(server.post("/execute", request("transfer", ORDER, "n-1"))
                            .body())
                    .contains("\"result\":{\"booking\":\"booking-1\"}");
            assertThat(server.post("/execute", request("transfer", ORDER.replace("1250", "-1"), "n-2"))
                            .problem())
                    .isEqualTo("invalid-input");
            assertThat(server.post("/execute", request("transfer", ORDER.replace("1250", "8751"), "n-3"))
                            .problem())
                    .isEqualTo("action-failed");
            assertThat(server.post("/execute", request("refund", "{\"booking\":\"booking-1\"}", "n-4"))
                            .problem())
                    .isEqualTo("unknown-action");
        }
        assertThat(digestsIn(folder.resolve("openexec.db"))).containsExactly(digest, digest);
    }

    @Test
    void a_program_of_modules_finds_it_by_the_registration_in_its_module() throws Exception {
        assertThat(teller(plugin))
                .containsExactly(
                        "transfer, SHA-256 "
                                + Digest.of(Files.readAllBytes(plugin)).hex(),
                        "{\"booking\":\"booking-1\"}");
    }

    @Test
    void an_input_that_its_module_keeps_closed_is_an_error_that_says_what_to_write() throws Exception {
        Path closed = ForeignJar.of(
                "transfer-plugin",
                folder,
                new Change("module-info.java", "com.fasterxml.jackson.databind", "com.fasterxml.jackson.core"));

        assertThat(teller(closed))
                .first()
                .asString()
                .endsWith("Action transfer: Jackson cannot reach com.example.bank.Transfer$Input: write \"opens"
                        + " com.example.bank to com.fasterxml.jackson.databind;\" into the module-info.java of"
                        + " com.example.bank");
    }

    @Test
    void a_provider_method_makes_the_action_if_the_type_that_it_declares_has_the_name() throws Exception {
        assertThat(teller(provided("Transfer"))).contains("{\"booking\":\"booking-1\"}");
    }

    @Test
    void a_provider_method_of_another_type_is_an_error_that_says_what_is_missing() throws Exception {
        assertThat(teller(provided("dev.openexec.action.Action<?>")))
                .first()
                .asString()
                .endsWith("No installed action is named transfer; installed are (dev.openexec.action.Action without"
                        + " @ActionName, refund)");
    }

    @Test
    void an_action_that_throws_when_it_is_asked_what_it_is_is_a_mistake() throws Exception {
        try (ServerProcess server =
                ServerProcess.withPlugin(folder, Map.of("OPENEXEC_ACTIONS", "throwing"), "--port=0")) {
            assertThat(server.rest())
                    .singleElement()
                    .asString()
                    .startsWith("OPENEXEC_ACTIONS: Action dev.openexec.server.plugin.Throwing threw in kind(): "
                            + "java.lang.IllegalStateException at dev.openexec.server.plugin.Throwing.kind(")
                    .doesNotContain("s3cr3t");
            assertThat(server.exitStatus()).isEqualTo(78);
        }
    }

    private Path provided(String type) throws IOException {
        return ForeignJar.of(
                "transfer-plugin",
                folder,
                NO_REFUND,
                new Change(
                        "Transfer.java",
                        "public Transfer() {\n        this(InMemoryBank.SHARED);\n    }",
                        "public static " + type + " provider() {\n return new Transfer(InMemoryBank.SHARED);\n    }"));
    }

    /** What it prints on the module path, with every module in its place. */
    private List<String> teller(Path action) throws IOException {
        String modules = String.join(File.pathSeparator, ForeignJar.libraries(), teller.toString(), action.toString());
        Process process = new ProcessBuilder(
                        ServerProcess.JAVA,
                        "--enable-native-access=org.xerial.sqlitejdbc",
                        "-p",
                        modules,
                        "-m",
                        "com.example.teller/com.example.teller.Teller",
                        folder.resolve("teller.db").toString(),
                        "transfer",
                        ORDER,
                        "n-1")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            return out.lines().toList();
        }
    }

    private static String request(String action, String payload, String nonce) {
        return "{\"action\":\"" + action + "\",\"payload\":" + payload + ",\"nonce\":\"" + nonce + "\"}";
    }

    private static List<String> digestsIn(Path ledger) throws Exception {
        List<String> digests = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + ledger);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT lower(hex(action_digest)) FROM oe_execution")) {
            while (rows.next()) {
                digests.add(rows.getString(1));
            }
        }
        return digests;
    }
}
