package dev.openexec.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.Execution;
import dev.openexec.ExecutionListener.Event;
import dev.openexec.ExecutionListener.Step;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.action.Action;
import dev.openexec.action.ActionContext;
import dev.openexec.action.ActionFailedException;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.store.ExecutionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The order, the times and the silence of events. */
class EventsTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Json PAYLOAD = Json.of(Map.of("iban", "secret-payload"));

    private final SettableClock clock = new SettableClock(NOW);
    private final HeardEvents heard = new HeardEvents();

    private Executor executor(ApprovalPolicy policy, Action<?>... more) {
        Executor.Builder builder = Executor.with(ExecutionStore.inMemory(), policy)
                .action(RecordingAction.counting("pay", Kind.AT_MOST_ONCE))
                .action(RecordingAction.counting("sum", Kind.PURE))
                .action(RecordingAction.of("failing", Kind.AT_MOST_ONCE, (input, context) -> {
                    throw new ActionFailedException("account-closed");
                }))
                .action(RecordingAction.of("broken", Kind.PURE, (input, context) -> {
                    throw new IllegalStateException("secret-message");
                }))
                .clock(clock)
                .listener(heard);
        Stream.of(more).forEach(builder::action);
        return builder.build();
    }

    private static ExecutionRequest request(String action, String nonce) {
        return ExecutionRequest.of(action, PAYLOAD, nonce);
    }

    @Test
    void every_call_among_many_at_once_has_its_events_in_order_and_exactly_one_final_one() {
        int calls = 500;
        try (Executor executor = executor(ApprovalPolicy.unsignedDemo())) {
            List<CompletableFuture<Execution>> answers = new ArrayList<>();
            List<String> actions = List.of("pay", "sum", "failing", "broken", "unknown");
            for (int i = 0; i < calls; i++) {
                String action = actions.get(i % actions.size());
                answers.add(
                        executor.executeAsync(request(action, "n-" + i % 100)).toCompletableFuture());
            }
            answers.forEach(
                    answer -> answer.handle((execution, failure) -> null).join());
        }
        assertThat(heard.byCall()).hasSize(calls);
        assertThat(heard.byCall().values()).allSatisfy(events -> {
            assertThat(events).first().matches(event -> event.step() == Step.ARRIVAL);
            assertThat(events).last().matches(event -> event.step().isFinal());
            assertThat(events).filteredOn(event -> event.step().isFinal()).hasSize(1);
            assertThat(events).extracting(Event::step).isSorted().doesNotHaveDuplicates();
            assertThat(events).extracting(Event::at).isSorted();
        });
    }

    @Test
    void times_are_those_that_passed_whatever_the_clock_says() throws Exception {
        Duration[] passed = new Duration[2];
        Action<Json> measured = new Action<>() {
            @Override
            public String name() {
                return "measured";
            }

            @Override
            public Class<Json> inputType() {
                return Json.class;
            }

            @Override
            public void check(Json input) {
                passed[0] = spin();
            }

            @Override
            public Json run(Json input, ActionContext context) {
                passed[1] = spin();
                return input;
            }

            private Duration spin() {
                long begin = System.nanoTime();
                clock.advance(Duration.ofDays(1));
                while (System.nanoTime() - begin < 20_000_000) {
                    Thread.onSpinWait();
                }
                return Duration.ofNanos(System.nanoTime() - begin);
            }
        };
        try (Executor executor = executor(ApprovalPolicy.unsignedDemo(), measured)) {
            executor.execute(request("measured", "n-1"));
        }
        List<Event> events = heard.of(1);
        Duration claim = events.get(1).took();
        Duration entry = events.get(2).took();
        Duration ending = events.get(3).took();
        Duration success = events.get(4).took();
        assertThat(entry).isGreaterThanOrEqualTo(passed[0].plus(claim));
        assertThat(ending).isGreaterThanOrEqualTo(passed[1]);
        assertThat(success).isGreaterThanOrEqualTo(entry.plus(ending)).isLessThan(Duration.ofDays(1));
        assertThat(events.get(0).at()).isEqualTo(NOW);
        assertThat(events.get(4).at())
                .isEqualTo(NOW.plus(success).minus(events.get(0).took()));
    }

    @Test
    void no_event_holds_what_was_sent_answered_or_signed() throws Exception {
        TestApprovals approver = TestApprovals.forTenant("secret-tenant");
        RecordingAction tell = RecordingAction.of(
                "tell", Kind.AT_MOST_ONCE, (input, context) -> Json.of(Map.of("answer", "secret-result")));
        String approval = approver.approve("tell", PAYLOAD, NOW);
        ExecutionRequest good = request("tell", "secret-nonce").withApproval(approval);
        String broken = approver.approve("broken", PAYLOAD, NOW);
        String stray = approver.approve("secret-action", PAYLOAD, NOW);
        try (Executor executor = executor(approver.policy(), tell)) {
            executor.execute(good);
            executor.execute(good);
            attempt(executor, request("broken", "secret-2").withApproval(broken));
            attempt(executor, request("secret-action", "secret-3").withApproval(stray));
            attempt(executor, request("tell", "secret-4").withApproval("secret-approval"));
            attempt(executor, request("tell", "secret-5").withApproval(approval));
        }
        assertThat(heard.byCall()).hasSize(6);
        Stream<String> signed = Stream.of(approval, broken, stray)
                .flatMap(artifact -> artifact.lines())
                .flatMap(line -> Stream.of(line.split("\"")))
                .filter(part -> part.length() > 15 && !part.startsWith("2026-"));
        List<String> kept = Stream.concat(Stream.of("secret"), signed).toList();
        assertThat(kept).hasSizeGreaterThan(9);
        assertThat(heard.all())
                .extracting(Event::toString)
                .allSatisfy(text -> assertThat(text).doesNotContain(kept));
    }

    @Test
    void the_name_of_an_action_is_told_only_once_it_is_admitted() {
        try (Executor executor = executor(ApprovalPolicy.unsignedDemo())) {
            attempt(executor, request("no-such-action", "n-1"));
            attempt(executor, request("pay", ""));
        }
        assertThat(heard.all()).hasSize(4).allSatisfy(event -> {
            assertThat(event.action()).isEmpty();
            assertThat(event.kind()).isEmpty();
        });
    }

    /** Whatever comes of it. */
    private static void attempt(Executor executor, ExecutionRequest request) {
        executor.executeAsync(request)
                .handle((execution, failure) -> null)
                .toCompletableFuture()
                .join();
    }
}
