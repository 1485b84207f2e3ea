package dev.openexec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.ExecutionListener.Event;
import dev.openexec.ExecutionListener.Step;
import dev.openexec.InDoubtException.Doubt;
import dev.openexec.action.Kind;
import dev.openexec.json.Json;
import dev.openexec.store.Ending;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A permit lasts as long as the work, a caller waits as long as it has to. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IntakeTest {

    private static final UUID ID = UUID.randomUUID();
    private static final Threads THREADS = Threads.only(Runnable::run);
    private static final Execution DONE =
            new Execution(ID, "pay", Json.emptyObject(), Receipt.of(ID.toString(), "{}"), false, false);

    private final Timer timer = new Timer();
    private final Options options = new Options();
    private final Permits permits = new Permits(1);
    private final List<Event> heard = new CopyOnWriteArrayList<>();
    private final Listeners listeners = new Listeners(List.of(heard::add), InstantSource.system(), Duration.ofDays(1));
    private final CompletableFuture<Execution> work = new CompletableFuture<>();
    private final CompletableFuture<Ending> run = new CompletableFuture<>();

    private Intake intake() {
        return new Intake(permits, options, timer, listeners);
    }

    private CompletableFuture<Execution> takeUntilDeadline() {
        return intake().takeUntilDeadline(THREADS, call -> {
            call.observation().admitted("pay", Kind.AT_MOST_ONCE);
            call.observation().entering(ID);
            call.runs(ID, run.thenApply(ending -> {
                call.observation().ended(ending);
                return ending;
            }));
            return work;
        });
    }

    @AfterEach
    void close() {
        timer.close();
    }

    @Test
    void at_the_soft_deadline_the_caller_is_told_and_the_work_keeps_its_permit() throws Exception {
        options.softDeadline = Duration.ofMillis(1);
        assertInDoubt(takeUntilDeadline());
        assertThatThrownBy(permits::acquire).isInstanceOf(RefusedException.class);
        run.complete(Ending.succeeded(Instant.EPOCH, "{}"));
        assertThatThrownBy(permits::acquire).isInstanceOf(RefusedException.class);
        work.complete(DONE);
        permits.acquire();
    }

    @Test
    void an_answer_before_the_run_has_ended_leaves_its_permit_taken() throws Exception {
        CompletableFuture<Execution> answer = takeUntilDeadline();
        work.completeExceptionally(new IllegalStateException());
        assertThat(answer).isCompletedExceptionally();
        assertThatThrownBy(permits::acquire).isInstanceOf(RefusedException.class);
        run.complete(Ending.indeterminate(Instant.EPOCH, "action-error"));
        permits.acquire();
    }

    @Test
    void listeners_hear_of_the_deadline_at_once_and_of_the_end_at_the_end() {
        options.softDeadline = Duration.ZERO;
        assertInDoubt(takeUntilDeadline());
        while (heard.size() < 3) {
            Thread.onSpinWait();
        }
        run.complete(Ending.succeeded(Instant.EPOCH, "{}"));
        work.complete(DONE);
        listeners.close();
        assertThat(heard)
                .extracting(Event::step)
                .containsExactly(Step.ARRIVAL, Step.ENTRY, Step.TIMEOUT, Step.ENDING, Step.SUCCESS);
        assertThat(heard.get(2).code()).isEqualTo("execution-timeout");
        assertThat(heard.get(2).executionId()).contains(ID);
    }

    @Test
    void nothing_is_heard_after_the_last_event() {
        CompletableFuture<Execution> answer = takeUntilDeadline();
        work.completeExceptionally(new IllegalStateException());
        run.complete(Ending.indeterminate(Instant.EPOCH, "action-error"));
        listeners.close();
        assertThat(answer).isCompletedExceptionally();
        assertThat(heard).extracting(Event::step).containsExactly(Step.ARRIVAL, Step.ENTRY, Step.FAULT);
    }

    @Test
    void a_caller_who_lends_its_thread_has_no_deadline() {
        options.softDeadline = Duration.ZERO;
        CompletableFuture<Execution> answer = intake().take(THREADS, call -> work);
        assertThat(timer.pending()).isZero();
        assertThat(answer).isNotDone();
        work.complete(DONE);
        assertThat(answer.join()).isEqualTo(DONE);
    }

    @Test
    void the_deadline_of_an_answered_request_is_forgotten() {
        for (int i = 0; i < 1000; i++) {
            CompletableFuture<Execution> later = new CompletableFuture<>();
            CompletableFuture<Execution> answer = intake().takeUntilDeadline(THREADS, call -> later);
            assertThat(timer.pending()).isEqualTo(1);
            later.complete(DONE);
            assertThat(answer.join()).isEqualTo(DONE);
            assertThat(timer.pending()).isZero();
        }
    }

    private static void assertInDoubt(CompletableFuture<Execution> answer) {
        assertThatThrownBy(answer::join)
                .extracting(Failures::cause)
                .isInstanceOfSatisfying(InDoubtException.class, e -> {
                    assertThat(e.doubt()).isEqualTo(Doubt.EXECUTION_TIMEOUT);
                    assertThat(e.executionId()).contains(ID);
                });
    }
}
