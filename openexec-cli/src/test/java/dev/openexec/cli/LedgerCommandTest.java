package dev.openexec.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.RefusedException;
import dev.openexec.RefusedException.Reason;
import dev.openexec.action.Kind;
import dev.openexec.json.Json;
import dev.openexec.store.StoreException;
import dev.openexec.store.jdbc.SqliteStore;
import dev.openexec.testkit.RecordingAction;
import dev.openexec.testkit.SettableClock;
import dev.openexec.testkit.TestApprovals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code openexec ledger}. */
class LedgerCommandTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final TestApprovals approver = TestApprovals.forTenant("acme");
    private final SettableClock clock = new SettableClock(NOW);
    private @TempDir Path folder;
    private Path file;
    private Terminal terminal;

    @BeforeEach
    void name() {
        file = folder.resolve("ledger.db");
        terminal = new Terminal(file, clock);
    }

    @Test
    void the_status_says_what_the_ledger_is() throws Exception {
        try (Executor executor = open()) {
            executor.execute(approved("n"));
            assertThat(terminal.run("ledger", "status", "--json")).isZero();
            Json status = terminal.documents().get(0);
            assertThat(terminal.member("mode")).isEqualTo("signed");
            assertThat(terminal.member("head_file")).isEqualTo("fits");
            assertThat(terminal.member("latest_signed_claim")).isEqualTo(NOW.toString());
            assertThat(status.get("generation").orElseThrow().canonical()).isEqualTo("1");
            assertThat(status.get("executions").orElseThrow().canonical()).isEqualTo("{\"SUCCEEDED\":1}");
            assertThat(status.get("boots").orElseThrow().canonical()).contains("\"alive\"");
            terminal.run("ledger", "status");
            assertThat(terminal.out()).contains("executions.SUCCEEDED").contains("issue_floor");
        }
    }

    @Test
    void a_restored_copy_starts_once_it_is_accepted_and_runs_nothing_twice() throws Exception {
        ExecutionRequest forgotten = approved("forgotten");
        open().close();
        Path copy = Files.copy(file, folder.resolve("copy.db"));
        try (Executor executor = open()) {
            executor.execute(forgotten);
            assertThat(restored()).isEqualTo(Tool.DATA);
            assertThat(terminal.err()).contains("nothing-to-accept");
        }
        Files.copy(copy, file, StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(this::open).isInstanceOf(StoreException.class);
        terminal.run("ledger", "status", "--json");
        assertThat(terminal.member("head_file")).isEqualTo("ahead");
        assertThat(terminal.run("ledger", "trust-clock", "--actor=a", "--evidence=e"))
                .isEqualTo(Tool.UNAVAILABLE);
        assertThat(terminal.err()).contains("ledger-rollback-detected");

        assertThat(restored()).isZero();
        assertThat(terminal.member("issue_floor")).isEqualTo(NOW.plusSeconds(61).toString());
        assertThat(terminal.err()).contains("ledger restored by alice: ticket 7");
        try (Executor executor = open()) {
            assertThatThrownBy(() -> executor.execute(forgotten))
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.APPROVAL_BEFORE_LEDGER));
            clock.advance(Duration.ofSeconds(61));
            assertThat(executor.execute(approved("new")).replayed()).isFalse();
        }
    }

    @Test
    void a_backup_is_refused_on_another_host_until_it_is_accepted() throws Exception {
        ExecutionRequest kept = approved("kept");
        ExecutionRequest forgotten = approved("forgotten");
        Path copy = folder.resolve("copy.db");
        try (Executor executor = open()) {
            executor.execute(kept);
            backUp(copy);
            executor.execute(forgotten);
        }
        file = Files.createDirectory(folder.resolve("host")).resolve("ledger.db");
        terminal = new Terminal(file, clock);
        Files.copy(copy, file);
        assertThatThrownBy(this::open) // without a head file, but also without the key of its log
                .isInstanceOf(StoreException.class);
        assertThat(restored()).isZero();
        try (Executor executor = open()) {
            assertThatThrownBy(() -> executor.execute(forgotten))
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.APPROVAL_BEFORE_LEDGER));
            assertThat(executor.execute(kept).replayed()).isTrue();
        }
    }

    @Test
    void where_no_ledger_is_none_is_made() {
        for (String[] command : new String[][] {
            {"ledger", "status"},
            {"executions", "list"},
            {"prune", "--older-than=1d"},
            {"ledger", "restored", "--actor=a", "--evidence=e"}
        }) {
            assertThat(terminal.run(command)).isEqualTo(Tool.UNAVAILABLE);
            assertThat(terminal.err()).contains("store-unavailable: There is no ledger");
        }
        assertThat(file).doesNotExist();
    }

    /** As SQLite's own tool does it, while the ledger is open. */
    private void backUp(Path copy) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("backup to '" + copy + "'");
        }
    }

    private int restored() {
        return terminal.run("ledger", "restored", "--actor", "alice", "--evidence", "ticket 7", "--json");
    }

    private Executor open() {
        return Executor.with(SqliteStore.at(file), approver.policy())
                .action(RecordingAction.counting("pay", Kind.AT_MOST_ONCE))
                .clock(clock)
                .build();
    }

    private ExecutionRequest approved(String nonce) {
        ExecutionRequest request = ExecutionRequest.of("pay", Json.emptyObject(), nonce);
        return request.withApproval(approver.approve(request, clock.instant()));
    }
}
