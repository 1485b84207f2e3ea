package dev.openexec.examples.journal;

import dev.openexec.store.Change;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.StoreException;
import dev.openexec.store.Write;
import dev.openexec.testkit.SampleClaims;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;

/** Another process that has a journal open, and does what it is told; until it is killed. */
final class JournalProcess implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final Process process;
    private final PrintStream commands;
    private final BufferedReader answers;

    private JournalProcess(Process process) {
        this.process = process;
        commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Opens the journal; by way of a command, such as one that sets limits first. */
    static JournalProcess open(Path journal, String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of(command));
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of("-Xmx128m", "-XX:-UsePerfData", "-cp", System.getProperty("java.class.path")));
        words.addAll(List.of(JournalProcess.class.getName(), journal.toString()));
        JournalProcess opened = new JournalProcess(new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
        opened.answer();
        return opened;
    }

    String ask(String command) throws IOException {
        commands.println(command);
        return answer();
    }

    String answer() throws IOException {
        return String.valueOf(answers.readLine());
    }

    long pid() {
        return process.pid();
    }

    /** SIGKILL: no hook runs, nothing is closed. What it had answered is still to be read. */
    void kill() {
        process.toHandle().destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
    }

    public static void main(String[] arguments) throws IOException {
        try (JournalStore store = new JournalStore(Path.of(arguments[0]))) {
            store.open(true, InstantSource.fixed(NOW));
            System.out.println("opened");
            Map<String, Claim> claims = new HashMap<>();
            BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                String[] words = line.split(" ", -1);
                switch (words[0]) {
                    case "claim" -> {
                        Claim claim = SampleClaims.signed("acme", words[1], NOW)
                                .carrying("x".repeat(Integer.parseInt(words[2])))
                                .claim();
                        claims.put(words[1], claim);
                        System.out.println(write(store, new Write.Insert(claim, null, null)));
                    }
                    case "end" ->
                        System.out.println(write(store, end(Objects.requireNonNull(claims.get(words[1])), words[2])));
                    case "beat" -> System.out.println(write(store, new Write.Beat()));
                    case "run" -> run(store, words[1]);
                    default -> throw new IllegalArgumentException(line);
                }
            }
        }
    }

    /** Claims and ends without end, and says so each time it has. */
    private static void run(JournalStore store, String name) {
        for (int i = 0; true; i++) {
            Claim claim = SampleClaims.signed("acme", name + "-" + i, NOW).claim();
            write(store, new Write.Insert(claim, null, null));
            System.out.println("claimed " + claim.nonce());
            write(store, end(claim, "1"));
            System.out.println("ended " + claim.nonce());
        }
    }

    private static Change.End end(Claim claim, String length) {
        Ending ending = Ending.succeeded(NOW, "y".repeat(Integer.parseInt(length)));
        return new Change.End(claim.nonceKey(), claim.token(), 1, ending, null);
    }

    private static String write(JournalStore store, Write write) {
        try {
            return store.write(write).toCompletableFuture().join().verdict().toString();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StoreException failure) {
                return failure.reason().toString();
            }
            throw e;
        }
    }
}
