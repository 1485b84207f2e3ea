package dev.openexec;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What OpenExec logs while this is open, as it would be printed. */
final class CapturedLog extends Handler implements AutoCloseable {

    private final Logger logger = Logger.getLogger("dev.openexec"); // above those of all our classes
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private CapturedLog() {}

    static CapturedLog open() {
        CapturedLog log = new CapturedLog();
        log.logger.addHandler(log);
        return log;
    }

    String text() {
        return String.join("", lines);
    }

    /** Returns once this was logged. */
    void await(String text) {
        while (!text().contains(text)) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void publish(LogRecord event) {
        lines.add(new SimpleFormatter().format(event));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
