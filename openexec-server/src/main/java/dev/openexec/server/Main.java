package dev.openexec.server;

import dev.openexec.Executor;
import dev.openexec.store.StoreException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Starts the server.
 *
 * <p>Exit status: 0 after {@code --help}, {@code --version}, SIGTERM and SIGINT; 69 if the ledger or the port cannot be
 * had; 70 if anything unforeseen keeps it from starting, or if the virtual machine fails, as with no memory left; 78 if the
 * configuration has mistakes.
 */
public final class Main {

    // sysexits.h
    private static final int UNAVAILABLE = 69;
    private static final int SOFTWARE = 70;
    private static final int CONFIGURATION = 78;

    private Main() {}

    /**
     * Serves until SIGTERM or SIGINT.
     *
     * @param arguments settings as flags; {@code --help} lists them
     * @throws InterruptedException if the main thread is interrupted, which nothing here does
     */
    public static void main(String[] arguments) throws InterruptedException {
        Logging.configure();
        Thread.setDefaultUncaughtExceptionHandler(new LastResort(SOFTWARE));
        List<String> given = List.of(arguments);
        if (given.contains("--help")) {
            Usage.lines().forEach(System.out::println);
        } else if (given.contains("--version")) {
            System.out.println("OpenExec " + Version.CURRENT);
        } else {
            start(given);
        }
    }

    private static void start(List<String> arguments) throws InterruptedException {
        try {
            serve(Environment.read(System.getenv(), arguments));
        } catch (ConfigurationException e) {
            exit(CONFIGURATION, e.mistakes());
        } catch (StoreException e) {
            String name = e.reason().problem();
            exit(UNAVAILABLE, List.of(Variable.OPENEXEC_DB_URL + ": " + name + ": " + e.getMessage()));
        } catch (IOException e) {
            exit(UNAVAILABLE, List.of(Variable.OPENEXEC_HOST + ", " + Variable.OPENEXEC_PORT + ": " + e.getMessage()));
        } catch (RuntimeException | Error e) {
            exit(SOFTWARE, List.of("Not started: " + Trace.of(e)));
        }
    }

    private static void serve(Settings settings) throws ConfigurationException, IOException, InterruptedException {
        Listener.checkFree(settings.address());
        Executor executor = Assembly.executor(settings);
        Server server;
        try {
            server = Server.start(executor, settings, Limits.of(settings.maxBodyBytes()));
        } catch (IOException | RuntimeException | Error e) {
            executor.close();
            throw e;
        }
        List<String> block = StartBlock.lines(settings, server.address(), executor);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "openexec-stop"));
        block.forEach(System.out::println);
        // Without this thread the process would end, and with status 0, should the server's threads ever be gone.
        new CountDownLatch(1).await();
    }

    /** A Java process that is ended by a signal exits with 128 plus the signal's number unless it halts itself. */
    private static void stop(Server server) {
        try {
            server.close();
        } finally {
            Runtime.getRuntime().halt(0);
        }
    }

    private static void exit(int status, List<String> lines) {
        lines.forEach(System.err::println);
        System.exit(status);
    }
}
