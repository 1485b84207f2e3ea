package dev.openexec.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.RefusedException;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.testkit.RecordingAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an execution costs in commits, each of which syncs the disk, and between which of them its action is entered. */
@Timeout(60)
class CommitCountTest {

    private @TempDir Path folder;

    private final Interposed sqlite = new Interposed();
    private final Map<Connection, String> uncommitted = Collections.synchronizedMap(new IdentityHashMap<>());
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void listen() {
        sqlite.before("INSERT INTO main.oe_execution", connection -> change(connection, "insert "));
        sqlite.before("UPDATE main.oe_execution", connection -> change(connection, "update "));
        sqlite.after("COMMIT", connection -> {
            String changes = uncommitted.remove(connection);
            if (changes != null) { // else it was a heartbeat's, or a reader's
                events.add(changes + "committed");
            }
        });
    }

    private void change(Connection connection, String how) {
        uncommitted.merge(connection, how, String::concat);
    }

    private Executor executor(RecordingAction action) {
        return Executor.with(new SqliteStore(folder.resolve("ledger.db"), sqlite), ApprovalPolicy.unsignedDemo())
                .action(action)
                .build();
    }

    private RecordingAction action(Kind kind) {
        return RecordingAction.of("act", kind, (input, context) -> {
            events.add("entered");
            return input;
        });
    }

    private static ExecutionRequest request(String action) {
        return ExecutionRequest.of(action, Json.emptyObject(), "n");
    }

    private void execute(Kind kind) throws Exception {
        try (Executor executor = executor(action(kind))) {
            executor.execute(request("act"));
            events.add("answered");
        }
    }

    @Test
    void what_is_at_most_once_is_committed_before_it_is_entered_and_before_it_is_answered() throws Exception {
        execute(Kind.AT_MOST_ONCE);
        assertThat(events).containsExactly("insert committed", "entered", "update committed", "answered");
    }

    @Test
    void what_is_idempotent_costs_the_same_and_one_more_for_each_further_attempt() throws Exception {
        execute(Kind.IDEMPOTENT);
        assertThat(events).containsExactly("insert committed", "entered", "update committed", "answered");
        try (Connection connection = Sql.connect(folder.resolve("ledger.db"))) { // as a death would have left it
            Sql.execute(
                    connection,
                    "UPDATE oe_execution SET state = 'RUNNING', completed_at = NULL, result = NULL, open_boot = boot_id");
        }
        Files.createFile(folder.resolve("ledger.db.boot-" + bootOfTheRow()));
        events.clear();

        execute(Kind.IDEMPOTENT);
        assertThat(events).containsExactly("update committed", "entered", "update committed", "answered");
    }

    private String bootOfTheRow() throws Exception {
        return Sql.texts(folder.resolve("ledger.db"), "SELECT boot_id FROM oe_execution")
                .get(0);
    }

    @Test
    void what_is_pure_is_committed_once_with_its_result() throws Exception {
        execute(Kind.PURE);
        assertThat(events).containsExactly("entered", "insert committed", "answered");
    }

    @Test
    void what_is_transactional_is_committed_once_with_what_it_did() throws Exception {
        execute(Kind.TRANSACTIONAL);
        assertThat(events).containsExactly("entered", "insert update committed", "answered");
    }

    @Test
    void a_replay_and_a_refusal_commit_nothing() throws Exception {
        execute(Kind.AT_MOST_ONCE);
        events.clear();
        try (Executor executor = executor(action(Kind.AT_MOST_ONCE))) {
            assertThat(executor.execute(request("act")).replayed()).isTrue();
            assertThatThrownBy(() -> executor.execute(request("unknown"))).isInstanceOf(RefusedException.class);
        }
        assertThat(events).isEmpty();
    }
}
