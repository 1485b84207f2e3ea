package dev.openexec.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.Execution;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.InDoubtException;
import dev.openexec.RefusedException;
import dev.openexec.RefusedException.Reason;
import dev.openexec.action.ActionContext;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.store.Change;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.Outcome;
import dev.openexec.store.StoreException;
import dev.openexec.store.Write;
import dev.openexec.testkit.RecordingAction;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers of every kind of action who do not stop coming while their executor closes. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClosingExecutorTest {

    private static final int CALLERS = 64;
    private static final int FIRST_ANSWERS = 10; // of each kind, before it closes

    private @TempDir Path folder;
    private Path file = Path.of("");
    private final Map<String, Object> ends = new ConcurrentHashMap<>(); // an Execution or what was thrown, by nonce
    private final Map<Kind, CountDownLatch> answered = new EnumMap<>(Kind.class);
    private final Map<String, Integer> entries = new ConcurrentHashMap<>(); // by nonce
    private final List<RecordingAction> actions = new ArrayList<>();

    ClosingExecutorTest() {
        for (Kind kind : Kind.values()) {
            answered.put(kind, new CountDownLatch(FIRST_ANSWERS));
            actions.add(RecordingAction.of(kind.name(), kind, this::enter));
        }
    }

    private Json enter(Json input, ActionContext context) throws SQLException {
        String nonce = input.get("nonce").orElseThrow().asString();
        entries.merge(nonce, 1, Integer::sum);
        if (nonce.startsWith(Kind.TRANSACTIONAL.name())) {
            try (var statement = context.connection().prepareStatement("INSERT INTO t VALUES (?)")) {
                statement.setString(1, nonce);
                statement.executeUpdate();
            }
        }
        return input;
    }

    private Executor executor(Duration drainBudget) {
        Executor.Builder builder = Executor.with(
                        SqliteStore.at(file).withTables("CREATE TABLE IF NOT EXISTS t (nonce UNIQUE)"),
                        ApprovalPolicy.unsignedDemo())
                .transactionBudget(Duration.ofMinutes(1))
                .softDeadline(Duration.ofDays(1))
                .drainBudget(drainBudget);
        actions.forEach(builder::action);
        return builder.build();
    }

    /** With a day to wait for them all, and with no time for any. */
    @ParameterizedTest
    @ValueSource(strings = {"PT24H", "PT0S"})
    void every_call_ends_and_what_was_answered_stands(Duration drainBudget) throws Exception {
        file = folder.resolve("ledger.db");
        Executor closing = executor(drainBudget);
        List<Thread> callers = IntStream.range(0, CALLERS)
                .mapToObj(caller -> new Thread(() -> callUntilRefused(closing, caller)))
                .toList();
        callers.forEach(Thread::start);
        for (CountDownLatch first : answered.values()) {
            first.await();
        }

        closing.close();
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(ends.values())
                .extracting(Object::getClass)
                .isSubsetOf(
                        drainBudget.isZero()
                                ? List.of(
                                        Execution.class,
                                        RefusedException.class,
                                        InDoubtException.class,
                                        StoreException.class)
                                : List.of(Execution.class, RefusedException.class));
        List<String> succeeded = nonces("state = 'SUCCEEDED'");
        try (Executor next = executor(Duration.ofDays(1))) {
            for (Map.Entry<String, Object> end : ends.entrySet()) {
                if (end.getValue() instanceof Execution answer) {
                    assertReplayed(next, end.getKey(), answer);
                    assertThat(entries).containsEntry(end.getKey(), 1);
                }
            }
        }
        assertThat(nonces("state = 'RUNNING'")).isEmpty();
        assertThat(nonces("state = 'SUCCEEDED'")).containsAll(succeeded);
        assertThat(entries.keySet().stream().filter(nonce -> !nonce.startsWith(Kind.IDEMPOTENT.name())))
                .allSatisfy(nonce -> assertThat(entries).containsEntry(nonce, 1));
        assertThat(refused()).isNotEmpty().doesNotContainAnyElementsOf(entries.keySet());
        assertThat(nonces("TRUE")).doesNotContainAnyElementsOf(refused());
        assertThat(Sql.texts(file, "SELECT nonce FROM t"))
                .containsExactlyInAnyOrderElementsOf(nonces("kind = 'TRANSACTIONAL' AND state = 'SUCCEEDED'"));
    }

    private void callUntilRefused(Executor executor, int caller) {
        List<Kind> kinds = List.of(Kind.AT_MOST_ONCE, Kind.IDEMPOTENT, Kind.PURE, Kind.TRANSACTIONAL);
        Kind kind = kinds.get(caller % kinds.size());
        boolean waits = caller / kinds.size() % 2 == 0;
        for (int call = 0; ; call++) {
            String nonce = "%s-%d-%d".formatted(kind, caller, call);
            Object end = end(executor, request(nonce), waits);
            ends.put(nonce, end);
            if (end instanceof RefusedException) {
                return;
            }
            if (end instanceof Execution) {
                Objects.requireNonNull(answered.get(kind)).countDown();
            }
        }
    }

    private static Object end(Executor executor, ExecutionRequest request, boolean waits) {
        try {
            return waits
                    ? executor.execute(request)
                    : executor.executeAsync(request).toCompletableFuture().join();
        } catch (CompletionException e) {
            return Objects.requireNonNull(e.getCause());
        } catch (Exception e) {
            return e;
        }
    }

    private static ExecutionRequest request(String nonce) {
        return ExecutionRequest.of(nonce.substring(0, nonce.indexOf('-')), Json.of(Map.of("nonce", nonce)), nonce);
    }

    private static void assertReplayed(Executor executor, String nonce, Execution answer) throws Exception {
        Execution again = executor.execute(request(nonce));
        assertThat(again.replayed()).isTrue();
        assertThat(again.id()).isEqualTo(answer.id());
        assertThat(again.receipt()).isEqualTo(answer.receipt());
    }

    private List<String> refused() {
        List<String> refused = new ArrayList<>();
        ends.forEach((nonce, end) -> {
            if (end instanceof RefusedException e) {
                assertThat(e.reason()).isEqualTo(Reason.SHUTTING_DOWN);
                refused.add(nonce);
            }
        });
        return refused;
    }

    private List<String> nonces(String which) throws SQLException {
        return Sql.texts(file, "SELECT nonce FROM oe_execution WHERE " + which);
    }

    /** A claim whose fate is unknown is taken back by a store that throws, while another action is at work. */
    @Test
    void what_a_store_throws_keeps_nobody_from_closing() throws Exception {
        ExecutionStore store = new UnsoundStore(SqliteStore.at(folder.resolve("ledger.db"))) {
            @Override
            public CompletionStage<Outcome> write(Write write) {
                if (write instanceof Write.Insert insert
                        && insert.claim().nonce().equals("in doubt")) {
                    return CompletableFuture.failedFuture(new StoreException(
                            StoreException.Reason.CLAIM_UNCONFIRMED, "Whether the claim is durable is not known"));
                }
                if (write instanceof Change.Withdraw) {
                    throw new IllegalStateException("of this test");
                }
                return super.write(write);
            }
        };
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        Executor executor = Executor.with(store, ApprovalPolicy.unsignedDemo())
                .action(RecordingAction.of("pay", Kind.AT_MOST_ONCE, (input, context) -> {
                    entered.countDown();
                    closed.await();
                    return input;
                }))
                .drainBudget(Duration.ZERO)
                .build();
        CompletableFuture<Execution> atWork = pay(executor, "at work");
        entered.await();
        CompletableFuture<Execution> inDoubt = pay(executor, "in doubt");
        assertThatThrownBy(inDoubt::join).hasCauseInstanceOf(StoreException.class);

        assertThat(CompletableFuture.runAsync(executor::close)).succeedsWithin(Duration.ofSeconds(30));

        closed.countDown();
        assertThatThrownBy(atWork::join).hasCauseInstanceOf(InDoubtException.class);
    }

    private static CompletableFuture<Execution> pay(Executor executor, String nonce) {
        return executor.executeAsync(ExecutionRequest.of("pay", Json.emptyObject(), nonce))
                .toCompletableFuture();
    }

    @Test
    void a_claim_that_the_ledger_is_at_when_it_closes_is_taken_back() throws Exception {
        Interposed sqlite = new Interposed();
        Gate gate = new Gate();
        RecordingAction pay = RecordingAction.counting("pay", Kind.AT_MOST_ONCE);
        Path ledger = folder.resolve("ledger.db");
        Executor executor = Executor.with(new SqliteStore(ledger, sqlite), ApprovalPolicy.unsignedDemo())
                .drainBudget(Duration.ZERO)
                .action(pay)
                .build();
        sqlite.before("BEGIN IMMEDIATE", gate);
        CompletableFuture<Execution> answer = pay(executor, "n");
        gate.awaitSomebody();
        Thread closing = new Thread(executor::close);
        closing.start();
        while (closing.getState() != Thread.State.WAITING) {
            Thread.onSpinWait(); // until it waits for the ledger
        }

        gate.open();
        closing.join();

        assertThatThrownBy(answer::join)
                .hasCauseInstanceOf(RefusedException.class)
                .cause()
                .hasMessageContaining("shutting-down");
        assertThat(pay.entered()).isZero();
        assertThat(Sql.texts(ledger, "SELECT nonce FROM oe_execution")).isEmpty();
    }
}
