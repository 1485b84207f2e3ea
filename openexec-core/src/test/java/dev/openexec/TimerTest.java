package dev.openexec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.Timer.Alarm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TimerTest {

    private static final long A_DAY = Duration.ofDays(1).toNanos();

    @Test
    void what_is_cancelled_is_forgotten_at_once() {
        try (Timer timer = new Timer()) {
            List<Alarm> alarms = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                alarms.add(timer.after(A_DAY, Runnable::run, () -> {}));
            }
            assertThat(timer.pending()).isEqualTo(1000);
            alarms.forEach(Alarm::cancel);
            assertThat(timer.pending()).isZero();
        }
    }

    @Test
    void what_is_due_is_done_by_its_executor() {
        CompletableFuture<String> by = new CompletableFuture<>();
        try (Timer timer = new Timer()) {
            timer.after(
                    1,
                    task -> new Thread(task, "its own").start(),
                    () -> by.complete(Thread.currentThread().getName()));
            assertThat(by.join()).isEqualTo("its own");
        }
    }

    @Test
    void what_was_due_before_it_closed_still_comes() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Timer timer = new Timer();
        timer.after(Duration.ofMillis(1).toNanos(), Runnable::run, () -> done.complete(null));
        timer.close();
        done.join();
    }

    @Test
    void what_comes_after_it_closed_is_done_at_once() {
        Timer timer = new Timer();
        timer.close();
        CompletableFuture<Void> done = new CompletableFuture<>();
        timer.after(A_DAY, Runnable::run, () -> done.complete(null)).cancel();
        assertThat(done).isCompleted();
        assertThat(timer.pending()).isZero();
    }
}
