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

    private CapturedLog() {}

    static CapturedLog open() {
        CapturedLog log = new CapturedLog();
        log.logger.addHandler(log);
        return log;
    }

    List<String> messages() {
        return messages;
    }

    @Override
    public void publish(LogRecord event) {
        messages.add(new SimpleFormatter().formatMessage(event));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
