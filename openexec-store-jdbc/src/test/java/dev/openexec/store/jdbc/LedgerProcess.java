package dev.openexec.store.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.openexec.store.Claim;
import dev.openexec.store.Outcome.Verdict;
import dev.openexec.store.StoreException;
import dev.openexec.store.Write;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** Another process that has the ledger open, and does what it is told; until it is killed. */
final class LedgerProcess implements AutoCloseable {

    private final Process process;
    private final PrintStream commands;
    private final BufferedReader answers;

    private LedgerProcess(Process process) {
        this.process = process;
        commands = new PrintStream(process.getOutputStream(), true, UTF_8);
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    }

    /**
     * What root has to be begun by so that it may open what its owner may, and nothing else. Its rights are those of any
     * other user then.
     */
    static final List<String> UNDER_PERMISSIONS = List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search");

    static LedgerProcess start(Path file, String... options) throws IOException {
        return startBy(List.of(), file, options);
    }

    /** By a command that begins the one that it is given. */
    static LedgerProcess startBy(List<String> beginning, Path file, String... options) throws IOException {
        List<String> command = new ArrayList<>(beginning);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx128m", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(options));
        command.addAll(List.of(LedgerProcess.class.getName(), file.toString()));
        return new LedgerProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** Gives a command and waits for its answer. */
    String ask(String command) throws IOException {
        tell(command);
        return answer();
    }

    void tell(String command) {
        commands.println(command);
    }

    String answer() throws IOException {
        return String.valueOf(answers.readLine());
    }

    /** SIGKILL: no hook runs, nothing is closed. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }

    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        Deque<SqliteStore> stores = new ArrayDeque<>();
        Map<String, Claim> claims = new HashMap<>();
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ", 2);
            String answer = switch (words[0]) {
                case "open" -> {
                    SqliteStore store = SqliteStore.at(file);
                    stores.push(store);
                    yield store.open(true, TestStores.CLOCK).ledgerId();
                }
                case "open-on-small-disk" -> {
                    SqliteStore store = new SqliteStore(file, SmallDisk.under(file));
                    stores.push(store);
                    yield store.open(true, TestStores.CLOCK).ledgerId();
                }
                case "open-as-far-as" -> {
                    new SqliteStore(file, new Interposed().before(words[1], connection -> stopAt(words[1])))
                            .open(true, TestStores.CLOCK);
                    throw new AssertionError("It was killed too late");
                }
                case "claim" -> {
                    Claim claim = TestStores.claim(words[1]);
                    claims.put(words[1], claim);
                    yield write(stores.element(), TestStores.insert(claim));
                }
                case "end" -> {
                    Claim claim = Objects.requireNonNull(claims.get(words[1]));
                    yield write(stores.element(), TestStores.end(claim, TestStores.SUCCESS));
                }
                case "end-large" -> {
                    Claim claim = Objects.requireNonNull(claims.get(words[1]));
                    yield write(stores.element(), TestStores.end(claim, SmallDisk.LARGE));
                }
                case "transact-as-far-as" -> {
                    AtomicBoolean inside = new AtomicBoolean();
                    SqliteStore store = new SqliteStore(file, new Interposed().before(words[1], connection -> {
                                        if (inside.get()) {
                                            stopAt("there");
                                        }
                                    }))
                            .withTables("CREATE TABLE IF NOT EXISTS t (a)");
                    store.open(true, TestStores.CLOCK);
                    TestStores.get(store.transact(
                            TestStores.claim("n"), Duration.ofDays(1), task -> new Thread(task).start(), connection -> {
                                connection.createStatement().executeUpdate("INSERT INTO t (a) VALUES ('x')");
                                inside.set(true);
                                connection.prepareStatement("SELECT 1").execute();
                                return TestStores.SUCCESS;
                            }));
                    throw new AssertionError("It was killed too late");
                }
                case "race" -> Integer.toString(race(stores.element(), Integer.parseInt(words[1])));
                case "orphans" ->
                    Integer.toString(TestStores.orphans(stores.element()).size());
                case "probe" -> probe(Path.of(words[1]));
                case "close" -> {
                    stores.pop().close();
                    yield "closed";
                }
                default -> throw new IllegalArgumentException(line);
            };
            System.out.println(answer);
        }
    }

    /** Says so, and waits to be killed. */
    private static void stopAt(String statement) {
        System.out.println(statement);
        new CompletableFuture<Void>().join();
    }

    private static String write(SqliteStore store, Write write) {
        try {
            return TestStores.write(store, write).verdict().toString();
        } catch (StoreException e) {
            return e.reason().toString();
        }
    }

    private static String probe(Path boot) throws IOException {
        try {
            return BootLock.probe(boot).toString();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Claims and ends nonces that others claim too; how many it got. */
    static int race(SqliteStore store, int nonces) {
        int won = 0;
        for (int i = 0; i < nonces; i++) {
            Claim claim = TestStores.claim("race " + i);
            if (TestStores.write(store, TestStores.insert(claim)).verdict() == Verdict.APPLIED) {
                TestStores.write(store, TestStores.end(claim, TestStores.SUCCESS));
                won++;
            }
        }
        return won;
    }
}
