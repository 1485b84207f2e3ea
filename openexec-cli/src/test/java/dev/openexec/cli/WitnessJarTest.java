package dev.openexec.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.evidence.LogKey;
import dev.openexec.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code openexec witness} in processes of its own. */
@Tag("jar")
class WitnessJarTest {

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String JAR =
            Path.of("target", "openexec-cli.jar").toAbsolutePath().toString();

    private @TempDir Path folder;

    /** A witness that serves. Killed in the end, unless it has ended. */
    private record Running(Process process, URI address, String key) implements AutoCloseable {

        WitnessClient client() {
            return new WitnessClient(address.toString());
        }

        /** As {@code kill -9} does. */
        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private Running start() throws IOException {
        return start(List.of(WitnessedLog.KEY));
    }

    private Running start(List<LogKey> logs) throws IOException {
        return start(logs, "127.0.0.1:0");
    }

    private Running start(List<LogKey> logs, String listen) throws IOException {
        List<String> command = new ArrayList<>(List.of(JAVA, "-jar", JAR, "witness", "--json", "--name=example.org/w"));
        command.addAll(List.of("--key=witness.key", "--state=state", "--listen=" + listen));
        logs.forEach(log -> command.add("--log=" + log.verifierKey()));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().keySet().removeIf(name -> name.matches("(OPENEXEC|CLAWSHIELD)_.*|.*JAVA_.*OPTIONS"));
        Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            BufferedReader out = process.inputReader(US_ASCII);
            Json said = Json.parse(out.readLine());
            URI address = URI.create(said.get("address").orElseThrow().asString());
            return new Running(process, address, said.get("key").orElseThrow().asString());
        } catch (Throwable e) {
            process.destroyForcibly();
            throw new AssertionError("The witness did not start", e);
        }
    }

    @Test
    void what_was_cosigned_holds_after_kill_9() throws Exception {
        WitnessedLog log = WitnessedLog.fork(WitnessedLog.MOST, "");
        WitnessedLog fork = WitnessedLog.fork(4, "other");
        Running running = start();
        try {
            String key = running.key();
            assertThat(running.client().ask(log.request(0, 5)).statusCode()).isEqualTo(200);
            for (int size = 5; size < 15; size++) {
                running.kill();
                running = start();

                assertThat(running.key()).isEqualTo(key);
                assertThat(running.client().ask(fork.request(0, size + 1)).body())
                        .isEqualTo(size + "\n");
                assertThat(running.client().ask(fork.request(size, size + 1)).statusCode())
                        .isEqualTo(422);
                assertThat(running.client().ask(log.request(size, size + 1)).statusCode())
                        .isEqualTo(200);
            }
        } finally {
            running.close();
        }
    }

    /** Killed while it is asked without a pause: what it has answered it has kept. */
    @Test
    void what_was_answered_is_kept_wherever_kill_9_hits() throws Exception {
        WitnessedLog log = WitnessedLog.fork(WitnessedLog.MOST, "");
        int kept = 0;
        for (int round = 0; round < 10; round++) {
            try (Running running = start()) {
                int known = kept;
                AtomicInteger answered = new AtomicInteger(known);
                CountDownLatch some = new CountDownLatch(new Random(round).nextInt(15));
                CompletableFuture<?> asking =
                        CompletableFuture.runAsync(() -> askOn(running.client(), log, answered, some));
                some.await();
                running.kill();
                asking.join();
                kept = answered.get();
            }
            try (Running restarted = start()) {
                HttpResponse<String> told = restarted.client().ask(log.request(WitnessedLog.MOST, WitnessedLog.MOST));
                int size = Integer.parseInt(told.body().strip());
                assertThat(size).isBetween(kept, kept + 1);
                assertThat(restarted.client().ask(log.request(size, size)).statusCode())
                        .isEqualTo(200);
                kept = size;
                restarted.kill();
            }
        }
    }

    private static void askOn(WitnessClient client, WitnessedLog log, AtomicInteger answered, CountDownLatch some) {
        try {
            while (answered.get() < WitnessedLog.MOST) {
                int size = answered.get();
                HttpResponse<String> answer = client.ask(log.request(size, size + 1));
                assertThat(answer.statusCode()).isEqualTo(200);
                answered.incrementAndGet();
                some.countDown();
            }
        } catch (IOException e) {
            // it was killed
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            LongStream.range(0, some.getCount()).forEach(i -> some.countDown()); // nobody waits for what has failed
        }
    }

    /** Not in a form that Java has made of it: a policy has its address as it is printed. */
    @Test
    void it_prints_the_host_that_it_was_given() throws Exception {
        try (Running running = start(List.of(WitnessedLog.KEY), "0.0.0.0:0")) {
            assertThat(running.address().getHost()).isEqualTo("0.0.0.0");
            assertThat(running.address().getPort()).isPositive();
            assertThat(running.client().ask("nonsense").statusCode()).isEqualTo(400);
        }
    }

    @Test
    void it_is_stopped_by_sigterm_with_status_0() throws Exception {
        try (Running running = start()) {
            assertThat(running.client().ask("nonsense").statusCode()).isEqualTo(400);
            running.process().destroy();

            assertThat(running.process().waitFor()).isZero();
        }
    }

    /** The lock holds between processes too. */
    @Test
    void two_processes_with_one_state_never_cosign_two_histories() throws Exception {
        List<LogKey> logs = IntStream.range(0, 30)
                .mapToObj(i -> new LogKey("example.org/log" + i, Ed25519SigningKey.generate()))
                .toList();
        List<WitnessedLog> forks = List.of(WitnessedLog.fork(0, "a"), WitnessedLog.fork(0, "b"));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        Future<Running> first = threads.submit(() -> start(logs));
        try (Running other = start(logs);
                Running one = first.get()) {
            assertThat(one.key()).isEqualTo(other.key());
            for (LogKey log : logs) {
                CyclicBarrier begin = new CyclicBarrier(8);
                List<Callable<Integer>> asking = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    WitnessClient client = (i < 4 ? one : other).client();
                    String request = forks.get(i % 2).of(log).request(0, 5 + i);
                    asking.add(() -> {
                        begin.await();
                        return client.ask(request).statusCode();
                    });
                }
                List<Integer> statuses = new ArrayList<>();
                for (Future<Integer> asked : threads.invokeAll(asking)) {
                    statuses.add(asked.get());
                }
                assertThat(statuses).containsOnly(200, 409);
                assertThat(statuses).containsOnlyOnce(200);
            }
        } finally {
            threads.shutdown();
        }
    }

    /** What is half a request after 10 s is cut off, and then others get their turn. */
    @Test
    @Timeout(180)
    void slow_senders_do_not_block_it_for_ever() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try (Running running = start()) {
            byte[] half = "POST /add-checkpoint HTTP/1.1\r\nContent-Length: 9\r\n\r\n1234".getBytes(US_ASCII);
            for (int i = 0; i < 8; i++) {
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(), running.address().getPort());
                slow.add(socket);
                socket.getOutputStream().write(half);
            }
            while (!isAnswered(running.client())) {
                Thread.onSpinWait();
            }
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    private static boolean isAnswered(WitnessClient client) throws InterruptedException {
        try {
            return client.ask("nonsense").statusCode() == 400;
        } catch (IOException e) {
            return false; // it waited for as long as they did
        }
    }
}
