package dev.openexec.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * What OpenExec logs while this is open: for tests of what must be logged, or must not. It listens to {@code
 * java.util.logging}, which is where {@link System.Logger} leads if nothing else is installed. Thread-safe.
 */
public final class CapturedLog implements AutoCloseable {

    private final Logger logger = Logger.getLogger("dev.openexec"); // above those of all our classes
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord event) {
            events.add(new SimpleFormatter().format(event).stripTrailing());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private CapturedLog() {}

    /** {@return what is logged from now on, to be closed by the caller} */
    public static CapturedLog open() {
        CapturedLog log = new CapturedLog();
        log.logger.addHandler(log.handler);
        return log;
    }

    /** {@return each event so far as it would be printed, stack traces included} */
    public List<String> events() {
        return List.copyOf(events);
    }

    /** Listens no longer. */
    @Override
    public void close() {
        logger.removeHandler(handler);
    }
}
