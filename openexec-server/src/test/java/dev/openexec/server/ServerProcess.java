package dev.openexec.server;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The packaged server in a process of its own, started with {@code --port 0} in a folder of its own. It is killed when it
 * has lived too long, so that who waits for its end fails instead of waiting for ever.
 */
final class ServerProcess implements AutoCloseable {

    static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private static final int LIFE_SECONDS = 90;

    private final Process process;
    private final BufferedReader out;
    private final List<String> block = new ArrayList<>();

    private ServerProcess(Process process) {
        this.process = process;
        process.onExit().orTimeout(LIFE_SECONDS, TimeUnit.SECONDS).exceptionally(late -> {
            process.toHandle().destroyForcibly();
            return process;
        });
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Where the build puts it. */
    static String jar() {
        return Path.of("target", "openexec-server.jar").toAbsolutePath().toString();
    }

    /** As {@code java -jar} starts it. */
    static ServerProcess jar(Path folder, Map<String, String> environment, String... arguments) throws IOException {
        return start(folder, environment, List.of("-jar", jar()), arguments);
    }

    /** With the actions of these tests beside the jar. */
    static ServerProcess withPlugin(Path folder, Map<String, String> environment, String... arguments)
            throws IOException {
        return withPlugin(folder, Path.of("target", "test-classes").toAbsolutePath(), environment, arguments);
    }

    /** With a plugin beside the jar. */
    static ServerProcess withPlugin(Path folder, Path plugin, Map<String, String> environment, String... arguments)
            throws IOException {
        String classPath = jar() + File.pathSeparator + plugin;
        return start(folder, environment, List.of("-cp", classPath, Main.class.getName()), arguments);
    }

    private static ServerProcess start(
            Path folder, Map<String, String> environment, List<String> program, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(program);
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.matches("(OPENEXEC|CLAWSHIELD)_.*|.*JAVA_.*OPTIONS"));
        builder.environment().putAll(environment);
        return new ServerProcess(builder.start());
    }

    /** Reads the start block to its end. */
    ServerProcess awaitStart() throws IOException {
        String line = "";
        while (!line.startsWith("  try")) {
            line = out.readLine();
            if (line == null) {
                throw new AssertionError("It did not start: " + block);
            }
            block.add(line);
        }
        return this;
    }

    List<String> startBlock() {
        return List.copyOf(block);
    }

    /** Connects to the address that the start block names. */
    RawConnection connect() throws IOException {
        String address = block.stream()
                .filter(line -> line.startsWith("  address"))
                .findFirst()
                .orElseThrow()
                .substring("  address".length())
                .strip();
        URI uri = URI.create(address);
        return new RawConnection(new InetSocketAddress(uri.getHost(), uri.getPort()));
    }

    RawResponse post(String path, String json) throws IOException {
        try (RawConnection connection = connect()) {
            connection.send(RawConnection.post(path, json));
            return connection.read();
        }
    }

    /** SIGTERM. */
    void terminate() {
        process.toHandle().destroy(); // Process.destroy() would close its output as well
    }

    /** SIGKILL; returns when it is gone. */
    void kill() {
        process.toHandle().destroyForcibly();
        process.onExit().join();
    }

    /** The lines it prints from now on until it ends. */
    List<String> rest() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            lines.add(line);
        }
        return lines;
    }

    int exitStatus() {
        return process.onExit().join().exitValue();
    }

    @Override
    public void close() {
        kill();
    }
}
