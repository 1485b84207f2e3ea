package dev.openexec.server;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One line per event on standard error, through java.util.logging, unless that is configured otherwise. */
final class Logging {

    private static final String FORMAT = "%1$tFT%1$tT.%1$tL%1$tz %4$s %3$s: %5$s%6$s%n";

    /** Held here because java.util.logging forgets a logger, level and all, that nobody holds. */
    private static final List<Logger> QUIET =
            List.of(Logger.getLogger("io.undertow"), Logger.getLogger("org.xnio"), Logger.getLogger("org.jboss"));

    private Logging() {}

    /** Called before anything logs. */
    static void configure() {
        System.setProperty("org.jboss.logging.provider", "jdk");
        boolean configured = System.getProperty("java.util.logging.config.file") != null
                || System.getProperty("java.util.logging.config.class") != null;
        if (!configured) {
            System.setProperty("java.util.logging.SimpleFormatter.format", FORMAT);
            QUIET.forEach(logger -> logger.setLevel(Level.WARNING));
        }
    }
}
