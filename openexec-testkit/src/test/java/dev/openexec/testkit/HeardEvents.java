package dev.openexec.testkit;

import dev.openexec.ExecutionListener;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** A listener that remembers everything. */
final class HeardEvents implements ExecutionListener {

    private final List<Event> events = new CopyOnWriteArrayList<>();

    @Override
    public void on(Event event) {
        events.add(event);
    }

    List<Event> all() {
        return List.copyOf(events);
    }

    List<Event> of(long call) {
        return events.stream().filter(event -> event.call() == call).toList();
    }

    List<Step> stepsOf(long call) {
        return of(call).stream().map(Event::step).toList();
    }

    Event lastOf(long call) {
        List<Event> its = of(call);
        return its.get(its.size() - 1);
    }

    /** The events of each call, in the order in which they were heard. */
    Map<Long, List<Event>> byCall() {
        return events.stream().collect(Collectors.groupingBy(Event::call));
    }
}
