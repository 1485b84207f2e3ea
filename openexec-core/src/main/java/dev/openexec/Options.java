package dev.openexec;

import dev.openexec.action.Action;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What may be set about an executor, each with its default. */
final class Options {

    private static final Duration MAX_BUDGET = Duration.ofDays(1);

    final List<Action<?>> actions = new ArrayList<>();
    final List<ExecutionListener> listeners = new ArrayList<>();
    Optional<Set<String>> allowList = Optional.empty();
    InstantSource clock = InstantSource.system();
    Duration waitBudget = Duration.ofSeconds(5);
    Duration drainBudget = Duration.ofSeconds(30);
    Duration softDeadline = Duration.ofSeconds(30);
    Duration hardDeadline = Duration.ofMinutes(10);
    Duration transactionBudget = Duration.ofSeconds(1);
    int maxConcurrent = 1024;
    int actionThreads = 64;

    static Duration budget(Duration duration) {
        if (duration.isNegative() || duration.compareTo(MAX_BUDGET) > 0) {
            throw new IllegalArgumentException("A budget is between nothing and a day");
        }
        return duration;
    }

    static Duration positive(Duration duration) {
        if (duration.isZero()) {
            throw new IllegalArgumentException("The budget must be more than nothing");
        }
        return budget(duration);
    }

    static int positive(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("The number must be 1 or more");
        }
        return number;
    }
}
