package dev.openexec.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openexec.Execution;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.RefusedException;
import dev.openexec.RefusedException.Reason;
import dev.openexec.action.Action;
import dev.openexec.action.ActionContext;
import dev.openexec.action.InvalidInputException;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.store.ExecutionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every reason to refuse: nothing ran, and the nonce and the approval can still be used. */
class RefusalTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Json PAYLOAD = Json.of(Map.of("to", "alice", "amount", 100));
    private static final TestApprovals APPROVER = TestApprovals.forTenant("acme");

    private final SettableClock clock = new SettableClock(NOW);
    private final RecordingAction pay = RecordingAction.counting("pay", Kind.AT_MOST_ONCE);
    private final RecordingAction hidden = RecordingAction.counting("hidden", Kind.AT_MOST_ONCE);
    private final RecordingAction sum = RecordingAction.counting("sum", Kind.PURE);
    private final ListeningStore store = new ListeningStore();
    private Executor executor;

    @BeforeEach
    void open() {
        executor = Executor.with(store, APPROVER.policy())
                .action(pay)
                .action(hidden)
                .action(sum)
                .action(new Picky())
                .allowOnly(Set.of("pay", "sum", "picky", "not-installed"))
                .clock(clock)
                .build();
    }

    @AfterEach
    void close() {
        executor.close();
    }

    /** An action that takes a typed input and looks at it. */
    record Order(String item, int count) {}

    private static final class Picky implements Action<Order> {

        @Override
        public String name() {
            return "picky";
        }

        @Override
        public Class<Order> inputType() {
            return Order.class;
        }

        @Override
        public void check(Order order) throws InvalidInputException {
            if (order.count() < 1) {
                throw new InvalidInputException("count-not-positive");
            }
        }

        @Override
        public Json run(Order order, ActionContext context) {
            return Json.of(Map.of("item", order.item()));
        }
    }

    /** A request that is refused. */
    record Case(Reason reason, String rule, ExecutionRequest request) {
        @Override
        public String toString() {
            return reason.problem() + " " + rule;
        }
    }

    private static ExecutionRequest approved(String action, Json payload) {
        return ExecutionRequest.of(action, payload, "n-1").withApproval(APPROVER.approve(action, payload, NOW));
    }

    private static TestApprovals.Draft draft() {
        return APPROVER.draft("pay", PAYLOAD, NOW);
    }

    private static Case approval(Reason reason, String rule, String artifact) {
        return new Case(reason, rule, ExecutionRequest.of("pay", PAYLOAD, "n-1").withApproval(artifact));
    }

    private static Case form(String rule, String action, Json payload, String nonce) {
        return new Case(Reason.INVALID_REQUEST, rule, ExecutionRequest.of(action, payload, nonce));
    }

    private static Case input(String rule, Map<String, ?> members) {
        return new Case(Reason.INVALID_INPUT, rule, approved("picky", Json.of(members)));
    }

    static Stream<Case> cases() {
        Json deep = Json.emptyObject();
        for (int i = 0; i < 63; i++) {
            deep = Json.of(Map.of("a", deep));
        }
        Json text = Json.of(Map.of("a", "b")).get("a").orElseThrow();
        TestApprovals stranger = TestApprovals.forTenant("acme");
        return Stream.of(
                form("action-name", "", PAYLOAD, "n-1"),
                form("action-name", "x".repeat(257), PAYLOAD, "n-1"),
                form("action-name", "\ud800", PAYLOAD, "n-1"),
                form("payload-not-object", "pay", text, "n-1"),
                form("payload-too-deep", "pay", deep, "n-1"),
                form("nonce", "pay", PAYLOAD, ""),
                form("nonce", "pay", PAYLOAD, "x".repeat(256)),
                form("nonce", "pay", PAYLOAD, "\u00e9".repeat(128)),
                form("nonce", "pay", PAYLOAD, "a\nb"),
                form("nonce", "pay", PAYLOAD, "a\u0085b"),
                form("nonce", "pay", PAYLOAD, "\udc00"),
                new Case(Reason.APPROVAL_MISSING, "missing", ExecutionRequest.of("pay", PAYLOAD, "n-1")),
                approval(Reason.APPROVAL_MALFORMED, "not-object", "[]"),
                approval(Reason.APPROVAL_MALFORMED, "member-set", draft().signThenChange("extra", "1")),
                approval(
                        Reason.APPROVAL_MALFORMED,
                        "approval_id-grammar",
                        draft().with("approval_id", "1").sign()),
                approval(
                        Reason.APPROVAL_HASH_MISMATCH,
                        "action-hash-mismatch",
                        APPROVER.approve("pay", Json.of(Map.of("amount", 101)), NOW)),
                approval(Reason.APPROVAL_HASH_MISMATCH, "action-hash-mismatch", APPROVER.approve("sum", PAYLOAD, NOW)),
                approval(Reason.APPROVAL_SIGNATURE_INVALID, "signature-invalid", stranger.approve("pay", PAYLOAD, NOW)),
                approval(
                        Reason.APPROVAL_SIGNATURE_INVALID,
                        "signature-invalid",
                        draft().signThenChange("expires_at", "2026-11-22T12:05:01")),
                approval(
                        Reason.APPROVAL_TENANT_MISMATCH,
                        "tenant-mismatch",
                        draft().with("tenant_id", "acme2").sign()),
                approval(
                        Reason.APPROVAL_LIFETIME_TOO_LONG,
                        "ttl-too-long",
                        draft().with("expires_at", "2026-11-23T12:00:01").sign()),
                approval(
                        Reason.APPROVAL_NOT_YET_VALID,
                        "issued-in-future",
                        draft().with("issued_at", "2026-11-22T12:01:01").sign()),
                approval(
                        Reason.APPROVAL_EXPIRED,
                        "expired",
                        draft().with("issued_at", "2026-11-22T11:00:00")
                                .with("expires_at", "2026-11-22T11:59:59.999999")
                                .sign()),
                approval(
                        Reason.APPROVAL_EXPIRED,
                        "issued-not-before-expires",
                        draft().with("expires_at", "2026-11-22T11:00:00").sign()),
                approval(
                        Reason.APPROVAL_BEFORE_LEDGER,
                        "issue-floor",
                        draft().with("issued_at", "2026-11-22T11:59:59").sign()),
                new Case(
                        Reason.APPROVAL_BEFORE_LEDGER,
                        "issue-floor",
                        ExecutionRequest.of("sum", PAYLOAD, "n-1")
                                .withApproval(APPROVER.draft("sum", PAYLOAD, NOW)
                                        .with("issued_at", "2026-11-22T11:59:59")
                                        .sign())),
                new Case(Reason.ACTION_NOT_ALLOWED, "", approved("hidden", PAYLOAD)),
                new Case(Reason.UNKNOWN_ACTION, "", approved("not-installed", PAYLOAD)),
                input("unknown-member", Map.of("item", "tea", "count", 1, "more", 1)),
                input("input-mismatch", Map.of("item", "tea")),
                input("input-mismatch", Map.of("item", "tea", "count", "1")),
                input("input-mismatch", Map.of("item", "tea", "count", 1.0)),
                input("input-mismatch", Map.of("item", 1, "count", 1)),
                input("count-not-positive", Map.of("item", "tea", "count", 0)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void nothing_runs_and_nothing_is_spent(Case refused) throws Exception {
        RefusedException refusal =
                catchThrowableOfType(RefusedException.class, () -> executor.execute(refused.request()));
        assertThat(refusal).isNotNull();
        assertThat(refusal.reason()).isEqualTo(refused.reason());
        assertThat(refusal.rule()).isEqualTo(refused.rule());
        assertThat(refusal.getMessage()).doesNotContain("alice").doesNotContain("tea");
        assertThat(pay.entered() + hidden.entered() + sum.entered()).isZero();
        assertThat(store.changes()).isZero();

        // the nonce is free: a good request may still use it
        assertThat(executor.execute(approved("pay", PAYLOAD)).replayed()).isFalse();
        assertThat(pay.entered()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_check_refuses_what_is_refused_whatever_the_approval_and_nothing_else(Case refused) {
        Set<Reason> withoutApproval = EnumSet.of(
                Reason.INVALID_REQUEST, Reason.ACTION_NOT_ALLOWED, Reason.UNKNOWN_ACTION, Reason.INVALID_INPUT);
        ExecutionRequest request = refused.request();

        RefusedException refusal = catchThrowableOfType(
                RefusedException.class,
                () -> executor.check(ExecutionRequest.of(request.action(), request.payload(), request.nonce())));

        if (withoutApproval.contains(refused.reason())) {
            assertThat(refusal.reason()).isEqualTo(refused.reason());
            assertThat(refusal.rule()).isEqualTo(refused.rule());
        } else {
            assertThat(refusal).isNull();
        }
        assertThat(pay.entered() + hidden.entered() + sum.entered()).isZero();
        assertThat(store.changes()).isZero();
    }

    @Test
    void a_nonce_that_belongs_to_another_request_is_refused() throws Exception {
        executor.execute(approved("pay", PAYLOAD));
        assertRefused(Reason.NONCE_REUSED, approved("pay", Json.of(Map.of("amount", 1))));
        assertRefused(Reason.NONCE_REUSED, approved("pay", PAYLOAD)); // the same request under another approval
        assertThat(pay.entered()).isEqualTo(1);
    }

    @Test
    void a_nonce_that_belongs_to_another_request_is_refused_in_demo_mode_too() throws Exception {
        try (Executor demo = Executor.with(ExecutionStore.inMemory(), ApprovalPolicy.unsignedDemo())
                .action(pay)
                .action(sum)
                .build()) {
            demo.execute(ExecutionRequest.of("pay", PAYLOAD, "n-1"));
            for (ExecutionRequest other : List.of(
                    ExecutionRequest.of("pay", Json.of(Map.of("to", "alice", "amount", 101)), "n-1"),
                    ExecutionRequest.of("sum", PAYLOAD, "n-1"))) {
                assertThatThrownBy(() -> demo.execute(other))
                        .isInstanceOfSatisfying(
                                RefusedException.class,
                                e -> assertThat(e.reason()).isEqualTo(Reason.NONCE_REUSED));
            }
            assertThat(pay.entered() + sum.entered()).isEqualTo(1);
        }
    }

    @Test
    void an_approval_that_was_spent_under_another_nonce_is_refused() throws Exception {
        ExecutionRequest first = approved("pay", PAYLOAD);
        executor.execute(first);
        assertRefused(
                Reason.APPROVAL_ALREADY_USED, new ExecutionRequest("pay", PAYLOAD, "n-2", first.approval(), null));
        assertThat(pay.entered()).isEqualTo(1);
    }

    @Test
    void an_expired_approval_that_is_not_the_row_s_own_says_nothing_about_the_nonce() throws Exception {
        ExecutionRequest first = approved("pay", PAYLOAD);
        executor.execute(first);
        ExecutionRequest other = approved("pay", PAYLOAD);
        clock.advance(Duration.ofHours(1));
        assertRefused(Reason.APPROVAL_EXPIRED, other);
        assertThat(executor.execute(first).replayed()).isTrue(); // its own still gets its answer
    }

    @Test
    void an_expired_approval_does_not_wait_for_who_is_at_work_on_its_nonce() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        RecordingAction slow = RecordingAction.waitingFor(go, "slow", Kind.AT_MOST_ONCE);
        try (Executor patient = Executor.with(ExecutionStore.inMemory(), APPROVER.policy())
                .action(slow)
                .clock(clock)
                .waitBudget(Duration.ofDays(1))
                .build()) {
            ExecutionRequest stale = approved("slow", PAYLOAD);
            clock.advance(Duration.ofHours(1));
            String fresh = APPROVER.approve("slow", PAYLOAD, clock.instant());
            CompletableFuture<Execution> first = patient.executeAsync(
                            ExecutionRequest.of("slow", PAYLOAD, "n-1").withApproval(fresh))
                    .toCompletableFuture();
            slow.awaitEntry();
            CompletableFuture<Execution> late = patient.executeAsync(stale).toCompletableFuture();
            try {
                assertThat(late) // comes back before the first has ended
                        .failsWithin(Duration.ofSeconds(30))
                        .withThrowableThat()
                        .havingCause()
                        .isInstanceOfSatisfying(
                                RefusedException.class,
                                e -> assertThat(e.reason()).isEqualTo(Reason.APPROVAL_EXPIRED));
                assertThat(first).isNotDone();
            } finally {
                go.countDown();
            }
            first.join();
        }
    }

    @Test
    void an_error_in_a_check_is_a_refusal_and_gives_its_permit_back() {
        Action<Json> broken = new Action<>() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public Class<Json> inputType() {
                return Json.class;
            }

            @Override
            public void check(Json input) {
                throw new NoClassDefFoundError("secret");
            }

            @Override
            public Json run(Json input, ActionContext context) {
                return input;
            }
        };
        try (Executor narrow = Executor.with(ExecutionStore.inMemory(), ApprovalPolicy.unsignedDemo())
                .action(broken)
                .maxConcurrent(1)
                .build()) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> narrow.execute(ExecutionRequest.of("broken", PAYLOAD, "n-1")))
                        .hasMessageNotContaining("secret")
                        .isInstanceOfSatisfying(
                                RefusedException.class,
                                e -> assertThat(e.rule()).isEqualTo("check-error"));
            }
        }
    }

    /** An input that cannot be looked at. */
    record Broken(String item) {
        @Override
        public String item() {
            throw new NoClassDefFoundError();
        }
    }

    @Test
    void an_error_in_an_input_gives_its_permit_back() {
        Action<Broken> broken = new Action<>() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public Class<Broken> inputType() {
                return Broken.class;
            }

            @Override
            public Json run(Broken input, ActionContext context) {
                return Json.emptyObject();
            }
        };
        try (Executor narrow = Executor.with(ExecutionStore.inMemory(), ApprovalPolicy.unsignedDemo())
                .action(broken)
                .maxConcurrent(1)
                .build()) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() ->
                                narrow.execute(ExecutionRequest.of("broken", Json.of(Map.of("item", "tea")), "n-1")))
                        .isInstanceOf(NoClassDefFoundError.class);
            }
        }
    }

    @Test
    void more_requests_than_permits_are_refused_and_may_come_again() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        RecordingAction slow = RecordingAction.waitingFor(go, "slow", Kind.AT_MOST_ONCE);
        try (Executor narrow = Executor.with(ExecutionStore.inMemory(), APPROVER.policy())
                .action(slow)
                .clock(clock)
                .maxConcurrent(1)
                .build()) {
            var first = narrow.executeAsync(approved("slow", PAYLOAD));
            slow.awaitEntry();
            ExecutionRequest second =
                    ExecutionRequest.of("slow", PAYLOAD, "n-2").withApproval(APPROVER.approve("slow", PAYLOAD, NOW));
            assertThatThrownBy(() -> narrow.execute(second))
                    .isInstanceOfSatisfying(
                            RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.OVERLOADED));
            go.countDown();
            first.toCompletableFuture().join();
            assertThat(narrow.execute(second).replayed()).isFalse();
        }
    }

    @Test
    void a_closed_executor_refuses() {
        executor.close();
        assertRefused(Reason.SHUTTING_DOWN, approved("pay", PAYLOAD));
        assertThat(pay.entered()).isZero();
        assertThat(executor.readiness().reasons()).isEqualTo(List.of("shutting-down"));
    }

    @Test
    void every_reason_has_a_case() {
        Set<Reason> elsewhere = EnumSet.of(
                Reason.NONCE_REUSED,
                Reason.APPROVAL_ALREADY_USED,
                Reason.OVERLOADED,
                Reason.SHUTTING_DOWN,
                Reason.RESULT_ERASED,
                Reason.EXECUTION_ERASED);
        Set<Reason> covered = new TreeSet<>(elsewhere);
        cases().forEach(refused -> covered.add(refused.reason()));
        assertThat(covered).containsExactly(Reason.values());
    }

    private void assertRefused(Reason reason, ExecutionRequest request) {
        int before = store.changes();
        assertThatThrownBy(() -> executor.execute(request))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
        assertThat(store.changes()).isEqualTo(before);
    }
}
