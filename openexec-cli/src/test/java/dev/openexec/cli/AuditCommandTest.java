package dev.openexec.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.Execution;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.action.Action;
import dev.openexec.action.ActionContext;
import dev.openexec.action.ActionFailedException;
import dev.openexec.action.ActionName;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.store.jdbc.SqliteStore;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code openexec audit}, while an executor has the ledger open. */
class AuditCommandTest {

    private static final AtomicInteger ENTERED = new AtomicInteger();
    private static final Json PAYLOAD = Json.of(Map.of("a", 1));

    private @TempDir Path folder;
    private Path file;
    private Executor executor;
    private Terminal terminal;

    /** What it returns depends on its payload alone. */
    @ActionName("audited-sound")
    public static class Sound implements Action<Json> {
        @Override
        public String name() {
            return "audited-sound";
        }

        @Override
        public Kind kind() {
            return Kind.PURE;
        }

        @Override
        public Class<Json> inputType() {
            return Json.class;
        }

        @Override
        public Json run(Json input, ActionContext context) throws ActionFailedException {
            ENTERED.incrementAndGet();
            if (input.get("fail").isPresent()) {
                throw new ActionFailedException("too-bad");
            }
            return input;
        }
    }

    /** What it returns depends on how often it ran: it is not PURE, whatever it says. */
    @ActionName("audited-liar")
    public static final class Liar extends Sound {
        @Override
        public String name() {
            return "audited-liar";
        }

        @Override
        public Json run(Json input, ActionContext context) {
            return Json.of(Map.of("count", ENTERED.incrementAndGet()));
        }
    }

    /** It has effects. */
    @ActionName("audited-effect")
    public static final class Effect extends Sound {
        @Override
        public String name() {
            return "audited-effect";
        }

        @Override
        public Kind kind() {
            return Kind.AT_MOST_ONCE;
        }
    }

    @BeforeEach
    void open() {
        file = folder.resolve("ledger.db");
        executor = Executor.with(SqliteStore.at(file), ApprovalPolicy.unsignedDemo())
                .discoverActions(List.of("audited-sound", "audited-liar", "audited-effect"))
                .build();
        terminal = new Terminal(file, InstantSource.system());
    }

    @AfterEach
    void close() {
        executor.close();
    }

    @Test
    void what_a_pure_action_makes_of_its_payload_again_is_the_same() throws Exception {
        execute("audited-sound", "n-1");
        assertThat(executor.executeAsync(ExecutionRequest.of("audited-sound", Json.of(Map.of("fail", true)), "n-2"))
                        .handle((execution, failure) -> failure)
                        .toCompletableFuture()
                        .join())
                .isNotNull();

        assertThat(audit("--run-actions")).isZero();
        assertThat(findings()).isEqualTo("{\"same\":2}");
        assertThat(terminal.err()).contains("running audited-sound for execution ");
    }

    @Test
    void a_result_that_differs_is_a_finding() throws Exception {
        Execution execution = execute("audited-liar", "n-1");

        assertThat(audit("--run-actions", "--json")).isEqualTo(Tool.FINDING);
        assertThat(terminal.documents()).hasSize(2);
        assertThat(terminal.member("finding")).isEqualTo("different");
        assertThat(terminal.member("execution_id")).isEqualTo(execution.id().toString());
        assertThat(terminal.out()).doesNotContain("count\"");
    }

    @Test
    void nothing_runs_unless_that_is_asked_for() throws Exception {
        execute("audited-sound", "n-1");
        int before = ENTERED.get();

        assertThat(audit()).isZero();
        assertThat(findings()).isEqualTo("{\"comparable\":1}");
        assertThat(ENTERED).hasValue(before);
    }

    @Test
    void what_has_effects_never_runs_again() throws Exception {
        execute("audited-effect", "n-1");
        int before = ENTERED.get();

        assertThat(audit("--run-actions")).isEqualTo(Tool.DATA);
        assertThat(terminal.err()).contains("openexec: nothing-compared: ");
        assertThat(findings()).isEqualTo("{\"not_pure\":1}");
        assertThat(ENTERED).hasValue(before);
    }

    @Test
    void an_audit_that_could_compare_nothing_says_so_whether_or_not_it_may_run_actions() throws Exception {
        assertThat(audit()).isEqualTo(Tool.DATA);
        assertThat(audit("--run-actions")).isEqualTo(Tool.DATA);
        execute("audited-sound", "n-1");
        for (String[] run : new String[][] {{}, {"--run-actions"}}) {
            String[] of = Arrays.copyOf(run, run.length + 1);
            of[run.length] = "--action=audited-liar"; // which was never asked for
            assertThat(audit(of)).isEqualTo(Tool.DATA);
            assertThat(terminal.err()).contains("openexec: nothing-compared: ");
            assertThat(findings()).isEqualTo("{}");
        }
    }

    @Test
    void who_is_to_be_audited_alone_has_to_be_loaded() throws Exception {
        execute("audited-sound", "n-1");

        assertThat(audit("--action=audited-soudn")).isEqualTo(Tool.USAGE);
        assertThat(terminal.err()).contains("openexec: invalid-argument: --action ");
        assertThat(audit("--action=audited-sound", "--run-actions")).isZero();
    }

    @Test
    void an_action_that_is_not_named_is_not_loaded() throws Exception {
        execute("audited-sound", "n-1");
        terminal.run("audit", "--actions=audited-liar", "--run-actions", "--json");
        assertThat(findings()).isEqualTo("{\"not_installed\":1}");
        assertThat(terminal.run("audit", "--actions=missing")).isEqualTo(Tool.CONFIGURATION);
    }

    @Test
    void a_result_that_was_erased_has_nothing_to_compare_with() throws Exception {
        execute("audited-sound", "n-1");
        terminal = new Terminal(file, () -> InstantSource.system().instant().plusSeconds(60));
        assertThat(terminal.run("prune", "--older-than=1s", "--results-only")).isZero();

        audit("--run-actions");
        assertThat(findings()).isEqualTo("{\"no_result\":1}");
    }

    private Execution execute(String action, String nonce) throws Exception {
        return executor.execute(ExecutionRequest.of(action, PAYLOAD, nonce));
    }

    private int audit(String... more) {
        String[] all = new String[more.length + 3];
        all[0] = "audit";
        all[1] = "--json";
        all[2] = "--actions=audited-sound,audited-liar,audited-effect";
        System.arraycopy(more, 0, all, 3, more.length);
        return terminal.run(Arrays.stream(all).distinct().toArray(String[]::new));
    }

    private String findings() {
        List<Json> documents = terminal.documents();
        return documents.get(documents.size() - 1).get("findings").orElseThrow().canonical();
    }
}
