package dev.openexec.server;

import dev.openexec.Executor;
import dev.openexec.store.StoreException;
import java.io.IOException;
import java.util.List;

/**
 * Starts the server.
 *
 * <p>Exit status: 0 after {@code --help}, {@code --version} and SIGTERM; 78 if the configuration has mistakes; 69 if the
 * ledger or the port cannot be had.
 */
public final class Main {

    private static final int UNAVAILABLE = 69; // EX_UNAVAILABLE of sysexits.h
    private static final int CONFIGURATION = 78; // EX_CONFIG

    private Main() {}

    /** Runs until SIGTERM or SIGINT. {@code --help} says how it is configured. */
    public static void main(String[] arguments) {
        Logging.configure();
        List<String> given = List.of(arguments);
        if (given.contains("--help")) {
            Usage.lines().forEach(System.out::println);
        } else if (given.contains("--version")) {
            System.out.println("OpenExec " + Version.CURRENT);
        } else {
            int status = run(given);
            if (status != 0) {
                System.exit(status);
            }
        }
    }

    /** Zero if the server is running now. */
    private static int run(List<String> arguments) {
        Executor executor;
        Settings settings;
        try {
            settings = Environment.read(System.getenv(), arguments);
            executor = Assembly.executor(settings);
        } catch (ConfigurationException e) {
            e.mistakes().forEach(System.err::println);
            return CONFIGURATION;
        } catch (StoreException e) {
            System.err.println(Variable.OPENEXEC_DB_URL + ": " + e.getMessage());
            return UNAVAILABLE;
        }
        try {
            Server server = Server.start(executor, settings, Limits.of(settings.maxBodyBytes()));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "openexec-stop"));
            StartBlock.lines(settings, server.address(), executor.actionNames()).forEach(System.out::println);
            return 0;
        } catch (IOException e) {
            executor.close();
            System.err.println("Cannot listen on " + settings.address() + ": " + e.getMessage());
            return UNAVAILABLE;
        }
    }

    /** A Java process that a signal ends exits with 128 plus the signal's number unless it halts itself. */
    private static void stop(Server server) {
        try {
            server.close();
        } finally {
            Runtime.getRuntime().halt(0);
        }
    }
}
