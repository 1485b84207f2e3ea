package dev.openexec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.ExecutionListener.Event;
import dev.openexec.ExecutionListener.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeliveryTest {

    private final LongAdder dropped = new LongAdder();
    private final List<Long> heard = new CopyOnWriteArrayList<>();

    private static Event event(long call) {
        return new Event(
                call,
                Step.ARRIVAL,
                Instant.EPOCH,
                Duration.ZERO,
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "",
                "");
    }

    /** A listener that holds its thread once it has heard something. */
    private final class Blocked implements ExecutionListener {

        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);
        private final CountDownLatch interrupted = new CountDownLatch(1);

        @Override
        public void on(Event event) {
            heard.add(event.call());
            entered.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        }
    }

    @Test
    void what_does_not_fit_is_dropped_and_counted() throws Exception {
        Blocked blocked = new Blocked();
        Delivery delivery = new Delivery(blocked, 2, dropped);
        delivery.offer(event(1));
        blocked.entered.await();
        for (int i = 2; i <= 10; i++) {
            delivery.offer(event(i));
        }
        assertThat(dropped.sum()).isEqualTo(7);
        blocked.go.countDown();
        delivery.finish().join();
        assertThat(heard).containsExactly(1L, 2L, 3L);
    }

    @Test
    void what_comes_too_late_is_dropped_and_counted() {
        Delivery delivery = new Delivery(event -> heard.add(event.call()), 2, dropped);
        delivery.finish().join();
        delivery.offer(event(1));
        assertThat(heard).isEmpty();
        assertThat(dropped.sum()).isEqualTo(1);
    }

    @Test
    void who_is_given_up_on_is_interrupted_and_what_was_queued_is_counted() throws Exception {
        Blocked blocked = new Blocked();
        Delivery delivery = new Delivery(blocked, 5, dropped);
        delivery.offer(event(1));
        blocked.entered.await();
        delivery.offer(event(2));
        delivery.offer(event(3));
        assertThat(delivery.finish()).isNotDone();
        delivery.giveUp();
        blocked.interrupted.await();
        delivery.finish().join();
        assertThat(heard).containsExactly(1L);
        assertThat(dropped.sum()).isEqualTo(2);
    }

    @Test
    void a_listener_that_throws_or_is_interrupted_hears_the_next_event_all_the_same() {
        List<Throwable> thrown = List.of(
                new IllegalStateException("secret"),
                new StackOverflowError("secret"),
                new OutOfMemoryError("secret"),
                new InterruptedException("secret"),
                new NoClassDefFoundError("secret"));
        Set<Thread> threads = new HashSet<>();
        Delivery delivery = new Delivery(
                event -> {
                    heard.add(event.call());
                    threads.add(Thread.currentThread());
                    Thread.currentThread().interrupt();
                    if (event.call() < thrown.size()) {
                        throw sneaky(thrown.get((int) event.call()));
                    }
                },
                10,
                dropped);
        for (int i = 0; i <= thrown.size(); i++) {
            delivery.offer(event(i));
        }
        delivery.finish().join();
        assertThat(heard).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(threads).hasSize(1);
        assertThat(dropped.sum()).isZero();
    }

    @Test
    void failures_are_logged_ever_more_seldom_and_without_their_messages() {
        List<String> lines = new CopyOnWriteArrayList<>();
        Handler log = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(new SimpleFormatter().format(line));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(Delivery.class.getName());
        logger.addHandler(log);
        try {
            Delivery delivery = new Delivery(
                    event -> {
                        if (event.call() % 2 == 0) {
                            throw new IllegalStateException("secret", new AssertionError("secret"));
                        }
                        throw new AssertionError("secret", new IllegalStateException("secret"));
                    },
                    100,
                    dropped);
            for (int i = 0; i < 100; i++) {
                delivery.offer(event(i));
            }
            delivery.finish().join();
        } finally {
            logger.removeHandler(log);
        }
        assertThat(lines).hasSize(7); // after 1, 2, 4, 8, 16, 32 and 64
        assertThat(lines)
                .allSatisfy(line -> assertThat(line)
                        .contains(
                                "java.lang.IllegalStateException",
                                "java.lang.AssertionError",
                                getClass().getName())
                        .doesNotContain("secret"));
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException sneaky(Throwable throwable) throws T {
        throw (T) throwable;
    }
}
