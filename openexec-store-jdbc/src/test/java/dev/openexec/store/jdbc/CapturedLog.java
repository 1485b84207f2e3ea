package dev.openexec.store.jdbc;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What the store logs while this is open. */
final class CapturedLog extends Handler implements AutoCloseable {

    private final Logger logger = Logger.getLogger("dev.openexec.store.jdbc");
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private CapturedLog() {}

    static CapturedLog open() {
        CapturedLog log = new CapturedLog();
        log.logger.addHandler(log);
        return log;
    }

    List<String> messages() {
        return messages;
    }

    /** As it would be printed, stack traces and all. */
    String text() {
        return String.join("", lines);
    }

    @Override
    public void publish(LogRecord event) {
        SimpleFormatter formatter = new SimpleFormatter();
        messages.add(formatter.formatMessage(event));
        lines.add(formatter.format(event));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
