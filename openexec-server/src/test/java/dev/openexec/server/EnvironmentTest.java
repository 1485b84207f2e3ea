package dev.openexec.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.openexec.testkit.TestApprovals;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EnvironmentTest {

    private static final String PEM = TestApprovals.forTenant("acme").publicKeyPem();
    private static final Map<String, String> CLAWSHIELD = Map.of(
            "OPENEXEC_MODE", "clawshield",
            "CLAWSHIELD_PUBLIC_KEY", PEM,
            "CLAWSHIELD_TENANT_ID", "acme");

    @Test
    void without_any_configuration_it_is_demo_mode_on_loopback() throws ConfigurationException {
        Settings settings = Environment.read(Map.of("PATH", "/bin"), List.of());

        assertThat(settings.policy().signed()).isFalse();
        assertThat(settings.allowedActions()).isEmpty();
        assertThat(settings.installedActions()).isEmpty();
        assertThat(settings.ledger()).hasToString("SQLite file openexec.db");
        assertThat(settings.address().getAddress().isLoopbackAddress()).isTrue();
        assertThat(settings.address().getPort()).isEqualTo(5000);
        assertThat(settings.hosts()).containsExactly("127.0.0.1");
        assertThat(settings.origins()).isEmpty();
        assertThat(settings.maxBodyBytes()).isEqualTo(262_144);
    }

    @Test
    void clawshield_mode_takes_key_and_tenant() throws ConfigurationException {
        Settings settings = Environment.read(CLAWSHIELD, List.of("--max-approval-seconds", "60"));

        assertThat(settings.policy().signed()).isTrue();
        assertThat(settings.policy().tenant()).isEqualTo("acme");
    }

    @Test
    void several_keys_are_several_blocks() throws ConfigurationException {
        Map<String, String> environment = with(
                CLAWSHIELD,
                "CLAWSHIELD_PUBLIC_KEY",
                PEM + TestApprovals.forTenant("acme").publicKeyPem());

        assertThat(Environment.read(environment, List.of()).policy().signed()).isTrue();
    }

    @Test
    void every_variable_is_read() throws ConfigurationException {
        Map<String, String> environment = Map.of(
                "OPENEXEC_ALLOWED_ACTIONS", "echo, pay",
                "OPENEXEC_ACTIONS", "pay",
                "OPENEXEC_DB_URL", "sqlite:////var/lib/openexec.db",
                "OPENEXEC_HOST", "0.0.0.0",
                "OPENEXEC_EXPOSE_WITHOUT_CALLER_AUTHENTICATION", "true",
                "OPENEXEC_PORT", "0",
                "OPENEXEC_ALLOWED_HOSTS", "Exec.Example,[2001:DB8::1]",
                "OPENEXEC_ALLOWED_ORIGINS", "https://App.Example:8443",
                "OPENEXEC_MAX_BODY_BYTES", "1024");
        Settings settings = Environment.read(environment, List.of());

        assertThat(settings.allowedActions()).contains(List.of("echo", "pay"));
        assertThat(settings.installedActions()).containsExactly("pay");
        assertThat(settings.ledger()).hasToString("SQLite file /var/lib/openexec.db");
        assertThat(settings.address().getAddress().isAnyLocalAddress()).isTrue();
        assertThat(settings.address().getPort()).isZero();
        assertThat(settings.hosts()).containsExactlyInAnyOrder("exec.example", "[2001:db8::1]");
        assertThat(settings.origins()).containsExactly("https://app.example:8443");
        assertThat(settings.maxBodyBytes()).isEqualTo(1024);
    }

    @Test
    void the_host_listened_on_is_served_by_its_name() throws ConfigurationException {
        assertThat(Environment.read(Map.of("OPENEXEC_HOST", "::1"), List.of()).hosts())
                .containsExactlyInAnyOrder("[::1]", "[0:0:0:0:0:0:0:1]");
        assertThat(Environment.read(Map.of("OPENEXEC_HOST", "127.0.0.9"), List.of())
                        .hosts())
                .containsExactly("127.0.0.9");
    }

    @Test
    void a_flag_mirrors_its_variable_and_wins() throws ConfigurationException {
        Settings settings = Environment.read(
                Map.of("OPENEXEC_PORT", "1", "OPENEXEC_DB_URL", "sqlite://"),
                List.of("--port", "2", "--allowed-actions=echo", "--db-url=sqlite:///x=y.db"));

        assertThat(settings.address().getPort()).isEqualTo(2);
        assertThat(settings.allowedActions()).contains(List.of("echo"));
        assertThat(settings.ledger()).hasToString("SQLite file x=y.db");
    }

    @Test
    void what_kubernetes_injects_for_a_service_of_this_name_is_ignored() throws ConfigurationException {
        Map<String, String> environment = Map.of(
                "OPENEXEC_SERVICE_HOST", "10.0.0.1",
                "OPENEXEC_SERVICE_PORT", "5000",
                "OPENEXEC_SERVICE_PORT_HTTP", "5000",
                "OPENEXEC_PORT_5000_TCP", "tcp://10.0.0.1:5000",
                "OPENEXEC_PORT_5000_TCP_PROTO", "tcp");

        assertThat(Environment.read(environment, List.of()).address().getPort()).isEqualTo(5000);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource
    void a_mistake_is_one_line_that_names_the_variable_and_what_is_accepted(
            Map<String, String> environment, List<String> arguments, String line) {
        assertThat(mistakes(environment, arguments)).containsExactly(line);
    }

    static Stream<Arguments> a_mistake_is_one_line_that_names_the_variable_and_what_is_accepted() {
        String onlyClawshield = ": accepted with OPENEXEC_MODE=clawshield only";
        String exposed = "not a loopback address, and callers are not authenticated; accepted only with "
                + "OPENEXEC_EXPOSE_WITHOUT_CALLER_AUTHENTICATION=true";
        return Stream.of(
                mistake("OPENEXEC_MODE", "Clawshield", ": accepted: demo or clawshield"),
                mistake("OPENEXEC_MODE", "clawshield ", ": accepted: demo or clawshield"),
                mistake("OPENEXEC_MODE", "", ": set but empty; accepted: demo or clawshield"),
                mistake("OPENEXEC_MODE", " ", ": set but empty; accepted: demo or clawshield"),
                mistake("OPENEXEC_MOD", "clawshield", ": no such variable; --help lists them"),
                mistake("openexec_mode", "clawshield", ": no such variable; --help lists them"),
                mistake("Openexec_Mode", "clawshield", ": no such variable; --help lists them"),
                mistake("clawshield_Tenant_ID", "acme", ": no such variable; --help lists them"),
                mistake("openexec_service_host", "x", ": no such variable; --help lists them"),
                mistake("CLAWSHIELD_KEY", "x", ": no such variable; --help lists them"),
                mistake("CLAWSHIELD_PUBLIC_KEY", PEM, onlyClawshield),
                mistake("CLAWSHIELD_TENANT_ID", "acme", onlyClawshield),
                mistake("OPENEXEC_MAX_APPROVAL_SECONDS", "60", onlyClawshield),
                mistake("OPENEXEC_ALLOWED_ACTIONS", "echo,,add", ": accepted: names separated by commas"),
                mistake("OPENEXEC_ALLOWED_ACTIONS", ",", ": accepted: names separated by commas"),
                mistake(
                        "OPENEXEC_ALLOWED_ACTIONS",
                        "echo,pay",
                        ": names an action that is not registered; registered: add, echo"),
                mistake("OPENEXEC_ACTIONS", "pay,", ": accepted: names separated by commas"),
                mistake(
                        "OPENEXEC_DB_URL",
                        "postgresql://user:s3cr3t@host/db",
                        ": accepted: sqlite:///relative.db, sqlite:////absolute.db, sqlite:// (memory) or jdbc:sqlite:path"),
                mistake("OPENEXEC_HOST", "0.0.0.0", ": " + exposed),
                mistake("OPENEXEC_HOST", "192.0.2.1", ": " + exposed),
                mistake("OPENEXEC_HOST", "::", ": " + exposed),
                mistake("OPENEXEC_HOST", "no such host", ": accepted: a host name or an IP address of this machine"),
                mistake("OPENEXEC_PORT", "65536", ": accepted: a number from 0 to 65535"),
                mistake("OPENEXEC_PORT", "-1", ": accepted: a number from 0 to 65535"),
                mistake("OPENEXEC_PORT", "5000.0", ": accepted: a number from 0 to 65535"),
                mistake("OPENEXEC_PORT", "99999999999", ": accepted: a number from 0 to 65535"),
                mistake(
                        "OPENEXEC_PORT",
                        "tcp://10.0.0.1:5000",
                        ": accepted: a number from 0 to 65535; Kubernetes has set it for a service named openexec: "
                                + "set enableServiceLinks: false, or name the service otherwise"),
                mistake(
                        "OPENEXEC_ALLOWED_HOSTS",
                        "exec.example:5000",
                        ": accepted: host names or IP addresses separated by commas, without port"),
                mistake(
                        "OPENEXEC_ALLOWED_ORIGINS",
                        "null",
                        ": accepted: origins such as https://example.org separated by commas"),
                mistake(
                        "OPENEXEC_ALLOWED_ORIGINS",
                        "https://app.example/",
                        ": accepted: origins such as https://example.org separated by commas"),
                mistake("OPENEXEC_MAX_BODY_BYTES", "1023", ": accepted: a number from 1024 to 16777216"),
                mistake("OPENEXEC_MAX_BODY_BYTES", "1MB", ": accepted: a number from 1024 to 16777216"),
                mistake("OPENEXEC_EXPOSE_WITHOUT_CALLER_AUTHENTICATION", "yes", ": accepted: true"),
                clawshield(
                        "CLAWSHIELD_TENANT_ID",
                        "two words",
                        ": accepted: 1 to 128 characters of printable ASCII without space"),
                clawshield(
                        "CLAWSHIELD_TENANT_ID",
                        "",
                        ": set but empty; accepted: 1 to 128 characters of printable ASCII without space"),
                clawshield(
                        "CLAWSHIELD_PUBLIC_KEY",
                        "s3cr3t",
                        ": accepted: one or more PEM blocks PUBLIC KEY, each an Ed25519 key"),
                clawshield(
                        "OPENEXEC_DB_URL",
                        "sqlite://",
                        ": memory is accepted in demo mode only: a restart would forget which approvals were spent"),
                clawshield("OPENEXEC_MAX_APPROVAL_SECONDS", "0", ": accepted: a number from 1 to 31536000"),
                arguments(Map.of(), List.of("--prot=1"), "--prot: no such flag; --help lists them"),
                arguments(Map.of(), List.of("--port"), "--port: set but empty; accepted: a number from 0 to 65535"),
                arguments(Map.of(), List.of("--port="), "--port: set but empty; accepted: a number from 0 to 65535"),
                arguments(Map.of(), List.of("--port", "x"), "--port: accepted: a number from 0 to 65535"),
                arguments(Map.of(), List.of("--port=1", "--port=1"), "--port: given more than once"),
                arguments(
                        Map.of(),
                        List.of("postgresql://user:s3cr3t@host/db"),
                        "argument 1: no such flag; --help lists them"));
    }

    @Test
    void clawshield_mode_needs_key_and_tenant() {
        assertThat(mistakes(Map.of("OPENEXEC_MODE", "clawshield"), List.of()))
                .containsExactly(
                        "CLAWSHIELD_PUBLIC_KEY: required in clawshield mode; accepted: one or more PEM blocks PUBLIC KEY, "
                                + "each an Ed25519 key",
                        "CLAWSHIELD_TENANT_ID: required in clawshield mode; accepted: 1 to 128 characters of printable "
                                + "ASCII without space");
    }

    @Test
    void all_mistakes_are_reported_at_once_and_no_value_with_them() {
        Map<String, String> environment = Map.of(
                "OPENEXEC_MODE", "s3cr3t",
                "OPENEXEC_TYPO", "s3cr3t",
                "OPENEXEC_DB_URL", "postgresql://user:s3cr3t@host/db",
                "OPENEXEC_PORT", "s3cr3t");
        List<String> mistakes = mistakes(environment, List.of("--s3cr3t", "--host", "0.0.0.0"));

        assertThat(mistakes).hasSize(6).noneMatch(line -> line.contains("s3cr3t"));
    }

    private static Arguments mistake(String name, String value, String complaint) {
        return arguments(Map.of(name, value), List.of(), name + complaint);
    }

    private static Arguments clawshield(String name, String value, String complaint) {
        return arguments(with(CLAWSHIELD, name, value), List.of(), name + complaint);
    }

    private static Map<String, String> with(Map<String, String> environment, String name, String value) {
        Map<String, String> changed = new HashMap<>(environment);
        changed.put(name, value);
        return changed;
    }

    private static List<String> mistakes(Map<String, String> environment, List<String> arguments) {
        try {
            Environment.read(environment, arguments);
            return List.of();
        } catch (ConfigurationException e) {
            return e.mistakes();
        }
    }
}
