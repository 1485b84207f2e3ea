package dev.openexec.cli;

import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.evidence.VerifierKey;
import dev.openexec.evidence.Witness;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code openexec witness}: serves a witness until the process is stopped. */
@Command(
        name = "witness",
        description = {
            "Cosigns checkpoints of logs, each only if it goes on from the one before, over HTTP (C2SP tlog-witness).",
            "Prints its address and its verifier key once it serves, and ends with status 0 when it is stopped (SIGTERM).",
            "It needs no ledger. Run it where whoever holds the logs' keys has no say."
        })
final class WitnessCommand implements Callable<Integer> {

    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^\\[\\]:]+):([0-9]{1,5})");
    private static final int HIGHEST_PORT = 65535;

    private final Console console;

    @Option(
            names = "--name",
            required = true,
            paramLabel = "NAME",
            description = "Of its verifier key: a URL without its scheme, such as witness.example.org/w1.")
    private String name = "";

    @Option(
            names = "--key",
            required = true,
            paramLabel = "FILE",
            description = "Its secret key, which nobody else may read. Is made if it is not there.")
    private Path key = Path.of("");

    @Option(
            names = "--state",
            required = true,
            paramLabel = "FOLDER",
            description =
                    "What it has cosigned, which it must never forget. Is made with the key, and never without it.")
    private Path state = Path.of("");

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:8090",
            description = "Where it serves; port 0 takes a free one. Default: ${DEFAULT-VALUE}.")
    private String listen = "";

    @Option(
            names = "--log",
            required = true,
            paramLabel = "KEY",
            description =
                    "The verifier key of a log that it cosigns, as 'log key' prints it. Can be given several times.")
    private List<String> logs = List.of();

    @Option(names = "--json", description = "Answer in JSON.")
    private boolean json;

    WitnessCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Refusal, InterruptedException {
        Matcher address = address();
        Witness witness = witness();
        WitnessServer server;
        try {
            server = new WitnessServer(
                    witness, new InetSocketAddress(address.group(1), Integer.parseInt(address.group(2))), console);
        } catch (IOException e) {
            throw new Refusal(
                    Tool.UNAVAILABLE, "address-unusable", "Nothing can listen on " + listen + ": " + e.getMessage());
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "openexec-stop"));
        Map<String, Object> members = new LinkedHashMap<>();
        members.put(
                "address", "http://" + address.group(1) + ":" + server.address().getPort());
        members.put("key", witness.verifierKey().toString());
        new Printer(console.out(), json).document(members);
        console.out().flush();
        new CountDownLatch(1).await();
        return 0;
    }

    /** A Java process that is ended by a signal exits with 128 plus the signal's number unless it halts itself. */
    private static void stop(WitnessServer server) {
        try {
            server.close();
        } finally {
            Runtime.getRuntime().halt(0);
        }
    }

    /** Its host and its port. */
    private Matcher address() throws Refusal {
        Matcher parts = ADDRESS.matcher(listen);
        if (!parts.matches() || Integer.parseInt(parts.group(2)) > HIGHEST_PORT) {
            throw new Refusal(Tool.USAGE, "invalid-argument", "--listen is a host, a colon and a port");
        }
        return parts;
    }

    private Witness witness() throws Refusal {
        List<VerifierKey> known = logKeys();
        checkName(known.get(0));
        FileWitnessState kept = state(known);
        Ed25519SigningKey secret;
        try {
            secret = WitnessKeyFile.readOrMake(key);
        } catch (IOException e) {
            throw new Refusal(
                    Tool.UNAVAILABLE, "witness-key-unusable", "The key's file cannot be used: " + e.getMessage());
        }
        return new Witness(name, secret, known, kept, console.clock());
    }

    /** Before any file is made. */
    private void checkName(VerifierKey any) throws Refusal {
        if (name.contains("://")) {
            throw new Refusal(Tool.USAGE, "invalid-argument", "--name is a URL without its scheme");
        }
        try {
            VerifierKey unused = new VerifierKey(name, VerifierKey.Type.COSIGNATURE, any.key());
        } catch (IllegalArgumentException e) {
            throw new Refusal(Tool.USAGE, "invalid-argument", "--name: " + e.getMessage());
        }
    }

    private List<VerifierKey> logKeys() throws Refusal {
        List<VerifierKey> known = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String log : logs) {
            VerifierKey key = Trust.logKey("--log", log);
            if (!names.add(key.name())) {
                throw new Refusal(Tool.USAGE, "invalid-argument", "--log: a witness has one key for each log");
            }
            known.add(key);
        }
        return known;
    }

    /** Made before the key is: a key that is there has cosigned, and what it has cosigned must be there too. */
    private FileWitnessState state(List<VerifierKey> known) throws Refusal {
        Path place = DurableFile.folder(key).normalize();
        if (!Files.isDirectory(place)) {
            throw new Refusal(
                    Tool.UNAVAILABLE,
                    "witness-key-unusable",
                    "The key's file has no place: there is no folder " + place);
        }
        try {
            FileWitnessState kept =
                    WitnessKeyFile.isThere(key) ? FileWitnessState.open(state) : FileWitnessState.make(state);
            for (VerifierKey log : known) {
                kept.latest(log.name());
            }
            return kept;
        } catch (NoSuchFileException e) {
            throw new Refusal(
                    Tool.DATA,
                    "witness-state-missing",
                    "The key has been used, and what it has cosigned is not here: " + e.getMessage());
        } catch (IOException e) {
            throw new Refusal(
                    Tool.UNAVAILABLE, "witness-state-unusable", "The state cannot be used: " + e.getMessage());
        }
    }
}
