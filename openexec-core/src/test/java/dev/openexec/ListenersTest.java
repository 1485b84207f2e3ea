package dev.openexec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.ExecutionListener.Event;
import dev.openexec.ExecutionListener.Step;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ListenersTest {

    @Test
    void nothing_is_made_for_a_call_that_nobody_listens_to() {
        try (Listeners none = new Listeners(List.of(), InstantSource.system(), Duration.ZERO)) {
            assertThat(none.observation()).isSameAs(Observation.NONE);
            assertThat(none.dropped()).isZero();
        }
    }

    @Test
    void not_even_a_failure_while_an_event_is_made_gets_out() {
        List<Event> heard = new CopyOnWriteArrayList<>();
        InstantSource broken = () -> {
            throw new AssertionError("no clock");
        };
        Listeners listeners = new Listeners(List.of(heard::add, heard::add), broken, Duration.ofDays(1));
        Observation observation = listeners.observation();
        observation.arrived();
        observation.answered(null, new IllegalStateException());
        listeners.close();
        assertThat(heard).isEmpty();
        assertThat(listeners.dropped()).isEqualTo(4);
    }

    @Test
    void closing_has_what_is_queued_delivered_also_on_an_interrupted_thread() throws Exception {
        List<Event> heard = new CopyOnWriteArrayList<>();
        CountDownLatch go = new CountDownLatch(1);
        ExecutionListener slow = event -> {
            awaitUninterruptibly(go);
            heard.add(event);
        };
        Listeners listeners = new Listeners(List.of(slow), InstantSource.system(), Duration.ofDays(1));
        for (int i = 0; i < 50; i++) {
            listeners.observation().arrived();
        }
        AtomicBoolean stillInterrupted = new AtomicBoolean();
        Thread closing = new Thread(() -> {
            Thread.currentThread().interrupt();
            listeners.close();
            stillInterrupted.set(Thread.interrupted());
        });
        closing.start();
        while (closing.getState() != Thread.State.WAITING && closing.getState() != Thread.State.TERMINATED) {
            Thread.onSpinWait(); // until it waits for the listener
        }
        go.countDown();
        closing.join();
        assertThat(heard).hasSize(50);
        assertThat(listeners.dropped()).isZero();
        assertThat(stillInterrupted).isTrue();
    }

    @Test
    void closing_gives_up_on_a_listener_that_does_not_come_back() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        ExecutionListener blocked = event -> {
            entered.countDown();
            awaitUninterruptibly(go);
        };
        Listeners listeners = new Listeners(List.of(blocked), InstantSource.system(), Duration.ZERO);
        listeners.observation().arrived();
        entered.await();
        listeners.observation().arrived();
        listeners.observation().arrived();
        listeners.close();
        assertThat(listeners.dropped()).isEqualTo(2);
        go.countDown();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException e) {
                // it is that kind of listener
            }
        }
    }

    @Test
    void a_step_is_final_exactly_if_it_is_one_of_the_answers() {
        assertThat(Step.values())
                .filteredOn(Step::isFinal)
                .containsExactly(Step.SUCCESS, Step.FAILURE, Step.REPLAY, Step.REFUSAL, Step.DOUBT, Step.FAULT);
    }
}
