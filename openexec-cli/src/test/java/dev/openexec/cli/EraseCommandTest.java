package dev.openexec.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.Execution;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.InDoubtException;
import dev.openexec.RefusedException;
import dev.openexec.RefusedException.Reason;
import dev.openexec.action.Kind;
import dev.openexec.json.Json;
import dev.openexec.store.Claim;
import dev.openexec.store.jdbc.LedgerView;
import dev.openexec.store.jdbc.SqliteStore;
import dev.openexec.testkit.RecordingAction;
import dev.openexec.testkit.SettableClock;
import dev.openexec.testkit.TestApprovals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code openexec erase}, while an executor has the same signed ledger open. */
class EraseCommandTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final String SECRET = "s3cr3t";
    private static final String LONG = SECRET.repeat(3_000); // over several pages
    private static final String[] REASON = {"--actor", "alice", "--evidence", "ticket 4713"};

    private final TestApprovals approver = TestApprovals.forTenant("acme");
    private final RecordingAction pay =
            RecordingAction.of("pay", Kind.AT_MOST_ONCE, (input, context) -> Json.of(Map.of("paid", LONG)));
    private final RecordingAction lose = RecordingAction.of("lose", Kind.AT_MOST_ONCE, (input, context) -> {
        throw new IllegalStateException("who knows");
    });
    private @TempDir Path folder;
    private Executor executor;
    private Terminal terminal;
    private Path bundle;

    @BeforeEach
    void open() {
        Path file = folder.resolve("ledger.db");
        SettableClock clock = new SettableClock(NOW);
        executor = Executor.with(SqliteStore.at(file), approver.policy())
                .action(pay)
                .action(lose)
                .action(RecordingAction.counting("mark", Kind.AT_MOST_ONCE))
                .clock(clock)
                .build();
        terminal = new Terminal(file, clock);
        bundle = folder.resolve("evidence.json");
    }

    @AfterEach
    void close() {
        executor.close();
    }

    private ExecutionRequest approved(String action, String nonce) {
        return approved(action, nonce, LONG);
    }

    private ExecutionRequest approved(String action, String nonce, String to) {
        ExecutionRequest request = ExecutionRequest.of(action, Json.of(Map.of("to", to)), nonce);
        return request.withApproval(approver.approve(request, NOW));
    }

    private int erase(String id) {
        return terminal.run("erase", id, "--json", REASON[0], REASON[1], REASON[2], REASON[3]);
    }

    @Test
    void what_was_executed_is_gone_from_the_disk_and_does_not_run_again() throws Exception {
        ExecutionRequest request = approved("pay", "nonce-" + SECRET);
        String id = executor.execute(request).id().toString();
        List<String> hidden = hidden(request);
        assertThat(onDisk()).anyMatch(content -> hidden.stream().allMatch(content::contains));

        assertThat(erase(id)).as(terminal.err()).isZero();
        assertThat(terminal.err()).contains("erase " + id + " by alice: ticket 4713");
        assertThat(terminal.out()).contains("\"erased\":true").doesNotContain(SECRET);

        assertThat(terminal.run("ledger", "compact")).as(terminal.err()).isZero();
        for (String text : hidden) {
            assertThat(isOnDisk(text)).as(text).isFalse();
        }
        assertThatThrownBy(() -> executor.execute(request))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.EXECUTION_ERASED));
        assertThat(pay.entered()).isEqualTo(1);
        assertThat(terminal.run("executions", "show", id, "--content", "--json"))
                .isZero();
        assertThat(terminal.out()).contains("SUCCEEDED", "\"erased\":true").doesNotContain(SECRET, "payload");
    }

    /** While rows grow and pages split, SQLite leaves copies of rows that it has moved. */
    @Test
    void what_is_erased_of_many_at_once_is_gone_from_the_disk() throws Exception {
        List<CompletableFuture<Execution>> asked = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            String what = i % 20 == 0 ? SECRET : "public";
            asked.add(executor.executeAsync(approved("mark", "nonce-" + what + i, what))
                    .toCompletableFuture());
        }
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            String id = asked.get(i).get().id().toString();
            if (i % 20 == 0) {
                ids.add(id);
            }
        }
        for (String id : ids) {
            assertThat(erase(id)).isZero();
        }

        assertThat(terminal.run("ledger", "compact")).as(terminal.err()).isZero();
        assertThat(isOnDisk(SECRET)).isFalse();
    }

    @Test
    void a_ledger_that_somebody_reads_is_not_compacted_and_says_so() throws Exception {
        executor.execute(approved("pay", "n"));
        try (Connection reader = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.db"));
                Statement statement = reader.createStatement()) {
            statement.execute("BEGIN");
            statement.executeQuery("SELECT count(*) FROM oe_execution").close();

            assertThat(terminal.run("ledger", "compact")).isEqualTo(Tool.UNAVAILABLE);
            assertThat(terminal.err()).contains("store-unavailable");
        }
        assertThat(terminal.run("ledger", "compact")).as(terminal.err()).isZero();
    }

    private boolean isOnDisk(String text) throws IOException {
        return onDisk().stream().anyMatch(content -> content.contains(text));
    }

    /** What nonce, payload and result have in common, the approval's signature, the hash of the request, and the salt. */
    private List<String> hidden(ExecutionRequest request) throws Exception {
        String signature = Json.parse(String.valueOf(request.approval()))
                .get("signature")
                .orElseThrow()
                .asString();
        try (LedgerView view = LedgerView.of(folder.resolve("ledger.db"))) {
            Claim claim = view.executions(null, 1).get(0).claim();
            String hash = new String(claim.requestHash().bytes(), StandardCharsets.ISO_8859_1);
            return List.of(SECRET, signature, hash, claim.salt());
        }
    }

    /** What is in the files of the ledger, as characters of one byte. */
    private List<String> onDisk() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(
                            file -> file.getFileName().toString().startsWith("ledger.db") && !Files.isDirectory(file))
                    .map(EraseCommandTest::read)
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void its_receipts_stay_and_are_proven_as_before() throws Exception {
        String id = executor.execute(approved("pay", "n")).id().toString();
        assertThat(terminal.run("log", "key")).isZero();
        String key = terminal.out().strip();
        assertThat(terminal.run("receipt", "get", id)).isZero();
        Path before = Files.writeString(folder.resolve("before"), terminal.out());
        assertThat(erase(id)).isZero();

        assertThat(terminal.run("receipt", "get", id)).isZero();
        assertThat(terminal.out()).doesNotContain(SECRET);
        Files.writeString(bundle, terminal.out());
        for (Path evidence : List.of(before, bundle)) {
            assertThat(terminal.plain("receipt", "verify", evidence.toString(), "--log-key", key, "--json"))
                    .isZero();
            assertThat(terminal.member("verdict")).isEqualTo("LOGGED");
        }
        String export = folder.resolve("export").toString();
        assertThat(terminal.run("log", "export", export)).isZero();
        assertThat(terminal.plain("log", "verify", export, "--log-key", key, "--json"))
                .isZero();
        assertThat(terminal.member("verdict")).isEqualTo("COMPLETE");
        String entries = read(folder.resolve("export/tile/entries/000.p/3"));
        assertThat(entries).contains("\"status\":\"erased\"", "\"actor\":\"alice\"", id);
    }

    @Test
    void what_has_not_ended_or_is_erased_already_is_refused() throws Exception {
        assertThatThrownBy(() -> executor.execute(approved("lose", "n"))).isInstanceOf(InDoubtException.class);
        assertThat(terminal.run("executions", "list", "--json")).isZero();
        assertThat(erase(terminal.member("execution_id"))).isEqualTo(Tool.DATA);
        assertThat(terminal.err()).contains("execution-unsettled");

        String id = executor.execute(approved("pay", "m")).id().toString();
        assertThat(erase(id)).isZero();
        assertThat(erase(id)).isEqualTo(Tool.DATA);
        assertThat(terminal.err()).contains("execution-erased");
        assertThat(erase("00000000-0000-7000-8000-000000000000")).isEqualTo(Tool.DATA);
        assertThat(terminal.err()).contains("execution-unknown");
        assertThat(terminal.run("erase", id, "--actor", "alice")).isEqualTo(Tool.USAGE);
    }
}
