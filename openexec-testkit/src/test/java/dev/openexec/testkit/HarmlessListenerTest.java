package dev.openexec.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openexec.ExecutionListener;
import dev.openexec.ExecutionListener.Step;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.action.ActionFailedException;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.store.ExecutionStore;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A listener can neither veto nor slow the path. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HarmlessListenerTest {

    private final HeardEvents heard = new HeardEvents();
    private final CountDownLatch blocked = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private final RecordingAction pay = RecordingAction.counting("pay", Kind.AT_MOST_ONCE);
    private final RecordingAction failing = RecordingAction.of("failing", Kind.PURE, (input, context) -> {
        throw new ActionFailedException("account-closed");
    });

    private Executor executor(ExecutionListener... listeners) {
        Executor.Builder builder = Executor.with(ExecutionStore.inMemory(), ApprovalPolicy.unsignedDemo())
                .action(pay)
                .action(failing);
        List.of(listeners).forEach(builder::listener);
        return builder.build();
    }

    private static ExecutionRequest request(String action, String nonce) {
        return ExecutionRequest.of(action, Json.emptyObject(), nonce);
    }

    /** Listens from when it may. */
    private void blocking(ExecutionListener.Event event) {
        blocked.countDown();
        try {
            go.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        heard.on(event);
    }

    @AfterEach
    void let_everything_end() {
        go.countDown();
    }

    @Test
    void what_a_listener_throws_changes_no_answer_and_reaches_no_other_listener() throws Exception {
        ExecutionListener hostile = event -> {
            throw new AssertionError("no");
        };
        try (Executor executor = executor(hostile, heard, hostile)) {
            assertThat(executor.execute(request("pay", "n-1")).replayed()).isFalse();
            assertThat(executor.execute(request("pay", "n-1")).replayed()).isTrue();
            assertThat(catchThrowable(() -> executor.execute(request("failing", "n-2"))))
                    .hasMessageContaining("account-closed");
            assertThat(catchThrowable(() -> executor.execute(request("failing", "n-1"))))
                    .hasMessage("nonce-reused");
            assertThat(pay.entered()).isEqualTo(1);
        }
        assertThat(heard.all()).hasSize(5 + 2 + 4 + 2);
    }

    @Test
    void a_blocked_listener_holds_up_neither_requests_nor_other_listeners() throws Exception {
        HeardEvents other = new HeardEvents();
        CountDownLatch done = new CountDownLatch(1);
        ExecutionListener waiting = event -> {
            other.on(event);
            if (event.call() == 2 && event.step().isFinal()) {
                done.countDown();
            }
        };
        try (Executor executor = executor(this::blocking, waiting)) {
            executor.execute(request("pay", "n-1"));
            blocked.await();
            executor.execute(request("pay", "n-2"));
            CompletableFuture<?> third =
                    executor.executeAsync(request("pay", "n-3")).toCompletableFuture();
            third.join();
            done.await();
            assertThat(pay.entered()).isEqualTo(3);
            assertThat(heard.all()).isEmpty();
            assertThat(other.lastOf(2).step()).isEqualTo(Step.SUCCESS);
            go.countDown();
        }
        assertThat(heard.all()).isEqualTo(other.all()).hasSize(15);
    }

    @Test
    void what_a_listener_is_too_slow_for_is_dropped_and_counted() throws Exception {
        long calls = 5_000; // two events each
        Executor executor = executor(this::blocking);
        try (executor) {
            assertThat(executor.droppedEvents()).isZero();
            for (long i = 0; i < calls; i++) {
                Throwable refusal = catchThrowable(() -> executor.execute(request("unknown", "n-1")));
                assertThat(refusal).hasMessage("unknown-action");
            }
            assertThat(executor.droppedEvents()).isPositive();
            go.countDown();
        }
        assertThat(heard.all().size() + executor.droppedEvents()).isEqualTo(2L * calls);
    }

    @Test
    void closing_has_every_event_of_what_it_waited_for_delivered() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        RecordingAction slow = RecordingAction.waitingFor(end, "slow", Kind.AT_MOST_ONCE);
        Executor executor = Executor.with(ExecutionStore.inMemory(), ApprovalPolicy.unsignedDemo())
                .action(slow)
                .listener(heard)
                .build();
        CompletableFuture<?> answer =
                executor.executeAsync(request("slow", "n-1")).toCompletableFuture();
        slow.awaitEntry();
        Thread closing = new Thread(executor::close);
        closing.start();
        while (executor.readiness().ready()) {
            Thread.onSpinWait(); // until the executor has begun to close
        }
        end.countDown();
        closing.join();
        answer.join();
        assertThat(heard.stepsOf(1)).containsExactly(Step.ARRIVAL, Step.CLAIM, Step.ENTRY, Step.ENDING, Step.SUCCESS);
        assertThat(executor.droppedEvents()).isZero();
    }

    @Test
    void closing_waits_for_a_slow_listener() throws Exception {
        Executor executor = executor(this::blocking);
        executor.execute(request("pay", "n-1"));
        blocked.await();
        Thread closing = new Thread(executor::close);
        closing.start();
        while (closing.getState() != Thread.State.WAITING && closing.getState() != Thread.State.TERMINATED) {
            Thread.onSpinWait(); // until it waits for the listener
        }
        go.countDown();
        closing.join();
        assertThat(heard.all()).hasSize(5);
        assertThat(executor.droppedEvents()).isZero();
    }

    @Test
    void closing_waits_for_a_slow_listener_no_longer_than_the_drain_budget() throws Exception {
        Executor executor = Executor.with(ExecutionStore.inMemory(), ApprovalPolicy.unsignedDemo())
                .action(pay)
                .listener(this::blocking)
                .drainBudget(Duration.ZERO)
                .build();
        executor.execute(request("pay", "n-1"));
        blocked.await();
        executor.close();
        assertThat(executor.droppedEvents()).isEqualTo(4);
    }

    @Test
    void what_comes_after_the_close_is_refused_and_counted() {
        Executor executor = executor(heard);
        executor.close();
        assertThat(catchThrowable(() -> executor.execute(request("pay", "n-1"))))
                .hasMessage("shutting-down");
        assertThat(heard.all()).isEmpty();
        assertThat(executor.droppedEvents()).isEqualTo(2);
    }

    @Test
    void a_listener_may_use_the_executor() throws Exception {
        CompletableFuture<Executor> itself = new CompletableFuture<>();
        CountDownLatch over = new CountDownLatch(2);
        ExecutionListener busy = event -> {
            if (event.step() == Step.SUCCESS) {
                itself.join()
                        .executeAsync(request("pay", "n-2"))
                        .toCompletableFuture()
                        .join();
                over.countDown();
            }
        };
        try (Executor executor = executor(busy)) {
            itself.complete(executor);
            executor.execute(request("pay", "n-1"));
            over.await();
        }
        assertThat(pay.entered()).isEqualTo(2);
    }

    @Test
    void without_a_listener_there_is_no_thread_for_one() throws Exception {
        Set<Thread> before = listening();
        try (Executor executor = executor()) {
            executor.execute(request("pay", "n-1"));
            assertThat(before).containsAll(listening());
        }
        try (Executor executor = executor(heard)) {
            executor.execute(request("pay", "n-1"));
            assertThat(before.containsAll(listening())).isFalse();
        }
    }

    private static Set<Thread> listening() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("openexec-listener"))
                .collect(Collectors.toSet());
    }
}
