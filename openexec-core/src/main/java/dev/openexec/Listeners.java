package dev.openexec;

import dev.openexec.ExecutionListener.Event;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** All who hear of calls. */
final class Listeners implements AutoCloseable {

    private static final int QUEUE = 8192; // some 1,600 calls

    private final InstantSource clock;
    private final Duration patience;
    private final LongAdder dropped = new LongAdder();
    private final List<Delivery> deliveries;
    private final AtomicLong calls = new AtomicLong();

    Listeners(List<ExecutionListener> listeners, InstantSource clock, Duration patience) {
        this.clock = clock;
        this.patience = patience;
        this.deliveries = listeners.stream()
                .map(listener -> new Delivery(listener, QUEUE, dropped))
                .toList();
    }

    /** Of the call that begins now. */
    Observation observation() {
        return deliveries.isEmpty() ? Observation.NONE : new ObservedCall(this, clock, calls.incrementAndGet());
    }

    void tell(Event event) {
        deliveries.forEach(delivery -> delivery.offer(event));
    }

    /** There was an event that nobody could be told. */
    void missed() {
        dropped.add(deliveries.size());
    }

    /** How many events were not delivered, each counted for each listener. */
    long dropped() {
        return dropped.sum();
    }

    /** Waits as long as its patience lasts for what is queued, and gives up on the rest. An interrupt does not cut the wait short. */
    @Override
    public void close() {
        CompletableFuture.allOf(deliveries.stream().map(Delivery::finish).toArray(CompletableFuture<?>[]::new))
                .completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        deliveries.forEach(Delivery::giveUp);
    }
}
