package dev.openexec.server;

import dev.openexec.approval.ApprovalKey;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.store.jdbc.LedgerUrl;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The one class that reads the configuration. It reports every mistake at once, and nothing is started before. */
final class Environment {

    private static final Pattern TENANT = Pattern.compile("[\\x21-\\x7e]{1,128}");
    private static final Pattern ACTION = Pattern.compile("\\S.{0,254}\\S|\\S");
    private static final Pattern HOST = Pattern.compile("[a-z0-9._-]+|\\[[0-9a-f:.]+]");
    private static final Pattern ORIGIN = Pattern.compile("https?://[a-z0-9._:\\[\\]-]+");
    private static final String MEMORY = "sqlite://";
    private static final List<Variable> CLAWSHIELD_ONLY = List.of(
            Variable.CLAWSHIELD_PUBLIC_KEY, Variable.CLAWSHIELD_TENANT_ID, Variable.OPENEXEC_MAX_APPROVAL_SECONDS);

    private final Given given;

    private Environment(Given given) {
        this.given = given;
    }

    /**
     * Reads the configuration.
     *
     * @param variables all environment variables of the process
     * @param arguments of the command line
     * @throws ConfigurationException with every mistake there is
     */
    static Settings read(Map<String, String> variables, List<String> arguments) throws ConfigurationException {
        return new Environment(new Given(variables, arguments)).settings();
    }

    private Settings settings() throws ConfigurationException {
        Optional<ApprovalPolicy> policy = policy();
        Optional<InetSocketAddress> address = address();
        Optional<List<String>> allowed = given.read(Variable.OPENEXEC_ALLOWED_ACTIONS, list(ACTION));
        Optional<List<String>> installed = given.read(Variable.OPENEXEC_ACTIONS, list(ACTION));
        checkRegistered(allowed.orElse(List.of()), installed.orElse(List.of()));
        Optional<LedgerUrl> ledger = given.read(Variable.OPENEXEC_DB_URL, LedgerUrl::parse);
        Optional<List<String>> hosts = given.read(Variable.OPENEXEC_ALLOWED_HOSTS, lowerCaseList(HOST));
        Optional<List<String>> origins = given.read(Variable.OPENEXEC_ALLOWED_ORIGINS, lowerCaseList(ORIGIN));
        Optional<Integer> maxBody = given.read(Variable.OPENEXEC_MAX_BODY_BYTES, number(1024, 16 * 1024 * 1024));
        if (!given.mistakes().isEmpty()) {
            throw new ConfigurationException(given.mistakes());
        }
        return new Settings(
                policy.orElseThrow(),
                allowed,
                installed.orElse(List.of()),
                ledger.orElseThrow(),
                address.orElseThrow(),
                served(hosts.orElse(List.of()), address.orElseThrow()),
                Set.copyOf(origins.orElse(List.of())),
                maxBody.orElseThrow());
    }

    private Optional<ApprovalPolicy> policy() {
        return given.read(Variable.OPENEXEC_MODE, oneOf("demo", "clawshield"))
                .flatMap(mode -> mode.equals("demo") ? demo() : clawshield());
    }

    private Optional<ApprovalPolicy> demo() {
        for (Variable variable : CLAWSHIELD_ONLY) {
            if (given.has(variable)) {
                given.mistake(variable, "accepted with " + Variable.OPENEXEC_MODE + "=clawshield only");
            }
        }
        return Optional.of(ApprovalPolicy.unsignedDemo());
    }

    private Optional<ApprovalPolicy> clawshield() {
        if (given.read(Variable.OPENEXEC_DB_URL, MEMORY::equals).orElse(false)) {
            given.mistake(
                    Variable.OPENEXEC_DB_URL,
                    "memory is accepted in demo mode only: a restart would forget which approvals were spent");
        }
        Optional<List<ApprovalKey>> keys = required(Variable.CLAWSHIELD_PUBLIC_KEY, ApprovalKey::fromPem);
        Optional<String> tenant = required(Variable.CLAWSHIELD_TENANT_ID, matching(TENANT));
        Optional<Duration> lifetime = given.read(Variable.OPENEXEC_MAX_APPROVAL_SECONDS, number(1, 31_536_000))
                .map(Duration::ofSeconds);
        if (keys.isEmpty() || tenant.isEmpty() || lifetime.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(ApprovalPolicy.signedBy(tenant.get(), keys.get(), lifetime.get()));
    }

    /** A misspelt name would forbid an action that was meant to run, and be noticed only then. */
    private void checkRegistered(List<String> allowed, List<String> installed) {
        SortedSet<String> registered = new TreeSet<>(installed);
        Assembly.BUILT_IN.forEach(action -> registered.add(action.name()));
        if (!registered.containsAll(allowed)) {
            given.mistake(
                    Variable.OPENEXEC_ALLOWED_ACTIONS,
                    "names an action that is not registered; registered: " + String.join(", ", registered));
        }
    }

    private <T> Optional<T> required(Variable variable, Function<String, T> parser) {
        if (!given.has(variable)) {
            given.mistake(variable, "required in clawshield mode; accepted: " + variable.accepted());
        }
        return given.read(variable, parser);
    }

    private Optional<InetSocketAddress> address() {
        Optional<Boolean> exposed = given.read(Variable.OPENEXEC_EXPOSE_WITHOUT_CALLER_AUTHENTICATION, oneOf("true"))
                .map("true"::equals);
        Optional<InetAddress> host = given.read(Variable.OPENEXEC_HOST, Environment::resolve);
        if (host.isPresent() && !host.get().isLoopbackAddress() && exposed.isEmpty()) {
            given.mistake(
                    Variable.OPENEXEC_HOST,
                    "not a loopback address, and callers are not authenticated; accepted only with "
                            + Variable.OPENEXEC_EXPOSE_WITHOUT_CALLER_AUTHENTICATION + "=true");
        }
        Optional<Integer> port = port();
        return host.flatMap(ip -> port.map(number -> new InetSocketAddress(ip, number)));
    }

    private Optional<Integer> port() {
        if (given.read(Variable.OPENEXEC_PORT, Function.identity()).orElse("").startsWith("tcp://")) {
            given.mistake(
                    Variable.OPENEXEC_PORT,
                    "accepted: " + Variable.OPENEXEC_PORT.accepted() + "; Kubernetes has set it for a service named "
                            + "openexec: set enableServiceLinks: false, or name the service otherwise");
            return Optional.empty();
        }
        return given.read(Variable.OPENEXEC_PORT, number(0, 65_535));
    }

    /** The hosts given, and the one listened on, unless it is the wildcard: no caller has a reason to name that. */
    private Set<String> served(List<String> hosts, InetSocketAddress address) {
        Set<String> served = new HashSet<>(hosts);
        if (!address.getAddress().isAnyLocalAddress()) {
            served.add(bracketed(address.getAddress().getHostAddress()));
            given.read(Variable.OPENEXEC_HOST, Environment::bracketed).ifPresent(served::add);
        }
        return Set.copyOf(served);
    }

    /** As a Host field has it. */
    private static String bracketed(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.contains(":") ? "[" + name + "]" : name;
    }

    private static InetAddress resolve(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("Unknown host", e);
        }
    }

    private static Function<String, String> oneOf(String... choices) {
        return text -> accept(text, List.of(choices).contains(text));
    }

    private static Function<String, String> matching(Pattern form) {
        return text -> accept(text, form.matcher(text).matches());
    }

    private static Function<String, List<String>> list(Pattern item) {
        return text -> Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .map(matching(item))
                .toList();
    }

    private static Function<String, List<String>> lowerCaseList(Pattern item) {
        return text -> list(item).apply(text.toLowerCase(Locale.ROOT));
    }

    private static Function<String, Integer> number(int least, int most) {
        return text -> {
            accept(text, text.matches("[0-9]{1,9}"));
            int number = Integer.parseInt(text);
            accept(text, least <= number && number <= most);
            return number;
        };
    }

    private static String accept(String text, boolean accepted) {
        if (!accepted) {
            throw new IllegalArgumentException("Not accepted");
        }
        return text;
    }
}
