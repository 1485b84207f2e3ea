package dev.openexec.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.evidence.Checkpoint;
import dev.openexec.evidence.Witness;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many who ask a witness at once, or ask for much. */
class WitnessUnderLoadTest {

    private static final Ed25519SigningKey KEY = Ed25519SigningKey.generate();

    private @TempDir Path folder;

    private static Witness witness(Witness.State state) {
        return new Witness("w", KEY, List.of(WitnessedLog.KEY.verifierKey()), state, InstantSource.system());
    }

    private static WitnessServer serve(Witness.State state) throws IOException {
        Console console = new Console(
                new ByteArrayInputStream(new byte[0]),
                new PrintWriter(new StringWriter()),
                new PrintWriter(new StringWriter()),
                InstantSource.system());
        return new WitnessServer(witness(state), new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), console);
    }

    private static WitnessClient client(WitnessServer server) {
        return new WitnessClient("http://127.0.0.1:" + server.address().getPort());
    }

    /** Of a log with two histories one at most is cosigned beyond where they part, by two servers that share a state. */
    @Test
    void two_histories_are_never_both_cosigned() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (int seed = 0; seed < 20; seed++) {
                int shared = new Random(seed).nextInt(5);
                Path state = folder.resolve("state-" + seed);
                try (WitnessServer one = serve(FileWitnessState.make(state));
                        WitnessServer other = serve(FileWitnessState.make(state))) {
                    CountDownLatch begin = new CountDownLatch(1);
                    List<Future<Set<Cosigned>>> asking = new ArrayList<>();
                    for (int i = 0; i < 8; i++) {
                        WitnessClient client = client(i < 4 ? one : other);
                        Random random = new Random(8L * seed + i);
                        String own = i % 2 == 0 ? "a" : "b";
                        asking.add(threads.submit(() -> {
                            begin.await();
                            return ask(client, WitnessedLog.fork(shared, own), own, random);
                        }));
                    }
                    begin.countDown();
                    List<Cosigned> cosigned = new ArrayList<>();
                    for (Future<Set<Cosigned>> asked : asking) {
                        cosigned.addAll(asked.get());
                    }
                    assertThat(cosigned).as("seed " + seed).isNotEmpty();
                    assertThat(cosigned.stream()
                                    .filter(each -> each.size > shared)
                                    .map(Cosigned::history)
                                    .distinct())
                            .as("seed " + seed + " of " + cosigned)
                            .hasSizeLessThanOrEqualTo(1);
                }
            }
        } finally {
            threads.shutdown();
        }
    }

    private record Cosigned(String history, int size) {}

    private static Set<Cosigned> ask(WitnessClient client, WitnessedLog log, String history, Random random)
            throws IOException, InterruptedException {
        Set<Cosigned> cosigned = new HashSet<>();
        int old = 0;
        for (int i = 0; i < 10; i++) {
            int size = old + random.nextInt(WitnessedLog.MOST + 1 - old);
            HttpResponse<String> answer = client.ask(log.request(old, size));
            assertThat(answer.statusCode()).isIn(200, 409, 422);
            if (answer.statusCode() == 200) {
                cosigned.add(new Cosigned(history, size));
                old = size;
            } else if (answer.statusCode() == 409) {
                old = Integer.parseInt(answer.body().strip());
            }
        }
        return cosigned;
    }

    /** A state whose writers wait at a gate. */
    private static final class Gated implements Witness.State {

        private final Witness.State state;
        private final CountDownLatch entered;
        private final CountDownLatch gate = new CountDownLatch(1);

        Gated(Witness.State state, int awaited) {
            this.state = state;
            this.entered = new CountDownLatch(awaited);
        }

        @Override
        public Optional<Checkpoint> latest(String origin) throws IOException {
            return state.latest(origin);
        }

        @Override
        public boolean advance(String origin, Optional<Checkpoint> from, Checkpoint to) throws IOException {
            entered.countDown();
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return state.advance(origin, from, to);
        }
    }

    @Test
    @Timeout(300)
    void what_runs_when_it_is_stopped_is_answered_and_nothing_begins_any_more() throws Exception {
        Gated state = new Gated(FileWitnessState.make(folder.resolve("state")), 1);
        WitnessServer server = serve(state);
        WitnessClient client = client(server);
        WitnessedLog log = WitnessedLog.fork(0, "a");
        CompletableFuture<HttpResponse<String>> running = client.begin(log.request(0, 5));
        state.entered.await();

        CompletableFuture<?> stopping = CompletableFuture.runAsync(server::close);
        while (isAnswered(client)) {
            Thread.onSpinWait();
        }
        assertThat(stopping).isNotDone();
        state.gate.countDown();
        assertThat(running.get().statusCode()).isEqualTo(200);
        stopping.get();
        assertThat(isAnswered(client)).isFalse();
    }

    private static boolean isAnswered(WitnessClient client) throws InterruptedException {
        try {
            return client.ask("nonsense").statusCode() == 400;
        } catch (IOException e) {
            return false;
        }
    }

    /** Four run and 64 wait: one more is turned away, and none of these. */
    @Test
    @Timeout(300)
    void more_than_it_has_room_for_is_turned_away_at_once() throws Exception {
        Gated state = new Gated(FileWitnessState.make(folder.resolve("state")), 4);
        try (WitnessServer server = serve(state)) {
            String request = WitnessedLog.fork(0, "a").request(0, 5);
            List<CompletableFuture<Integer>> asked = IntStream.range(0, 69)
                    .mapToObj(i ->
                            client(server).begin(request).handle((answer, e) -> e == null ? answer.statusCode() : 0))
                    .toList();
            state.entered.await();
            assertThat(CompletableFuture.anyOf(asked.toArray(CompletableFuture[]::new))
                            .get())
                    .isEqualTo(0);
            state.gate.countDown();

            List<Integer> statuses = asked.stream().map(CompletableFuture::join).toList();
            assertThat(statuses).containsOnly(0, 200, 409);
            assertThat(statuses).filteredOn(status -> status == 0).hasSize(1);
        }
    }

    /** What it costs is to look for its end. */
    @ParameterizedTest
    @ValueSource(ints = {1, 44, 1 << 20})
    void what_is_too_long_to_be_a_proof_is_not_decoded(int line) throws Exception {
        Witness witness = witness(FileWitnessState.make(folder.resolve("state")));
        String proof = ("A".repeat(line) + "\n").repeat((1 << 20) / line);
        String request = "old 0\n" + proof + "\n" + WitnessedLog.fork(0, "a").note(3);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        assertThat(witness.addCheckpoint(request).status()).isEqualTo(400);

        long before = threads.getCurrentThreadAllocatedBytes();
        assertThat(witness.addCheckpoint(request).status()).isEqualTo(400);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 16);
    }
}
