package dev.openexec.examples.embedded;

import dev.openexec.ExecutionListener;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Counts what becomes of requests, and how long it takes. In place of a metrics library: what is a key here is a name with
 * labels there. An event has no payload, nonce or result that could get into one.
 */
final class Durations implements ExecutionListener {

    private final Map<String, LongSummaryStatistics> millis = new ConcurrentSkipListMap<>();

    @Override
    public void on(Event event) {
        String key = String.join(" ", event.action(), event.step().name(), event.code())
                .strip();
        millis.computeIfAbsent(key, unseen -> new LongSummaryStatistics())
                .accept(event.took().toMillis());
    }

    /** A line for each, such as {@code append-line CLAIM: 2, 9 ms at most}. */
    List<String> lines() {
        return millis.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue().getCount() + ", "
                        + entry.getValue().getMax() + " ms at most")
                .toList();
    }
}
