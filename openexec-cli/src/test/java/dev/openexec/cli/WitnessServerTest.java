package dev.openexec.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.evidence.LogKey;
import dev.openexec.evidence.Policy;
import dev.openexec.evidence.Witness;
import dev.openexec.json.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What C2SP tlog-witness says of a witness, over HTTP. */
class WitnessServerTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Ed25519SigningKey KEY = Ed25519SigningKey.generate();
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String SIZE = "text/x.tlog.size";

    private final WitnessedLog log = WitnessedLog.fork(200, "");
    private final WitnessedLog fork = WitnessedLog.fork(4, "other");
    private final StringWriter err = new StringWriter();
    private @TempDir Path folder;
    private Witness witness;
    private WitnessServer server;
    private WitnessClient client;

    @BeforeEach
    void start() throws IOException {
        InstantSource clock = InstantSource.fixed(NOW);
        Console console = new Console(
                new ByteArrayInputStream(new byte[0]),
                new PrintWriter(new StringWriter()),
                new PrintWriter(err),
                clock);
        witness = new Witness(
                "witness.example.org/w1",
                KEY,
                List.of(WitnessedLog.KEY.verifierKey()),
                FileWitnessState.make(folder.resolve("state")),
                clock);
        server = new WitnessServer(witness, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), console);
        client = new WitnessClient("http://127.0.0.1:" + server.address().getPort());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> ask(String request) throws IOException, InterruptedException {
        return client.ask(request);
    }

    private static void assertAnswer(HttpResponse<String> answer, int status, String type, String body) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().allValues("Content-Type")).containsExactly(type);
        assertThat(answer.body()).isEqualTo(body);
    }

    private void assertNothingCosigned() throws IOException, InterruptedException {
        assertThat(ask(fork.request(0, 6)).statusCode()).isEqualTo(200);
    }

    @Test
    void what_goes_on_is_cosigned() throws Exception {
        Policy policy = Policy.parse(
                "log " + WitnessedLog.KEY.verifierKey() + "\nwitness w " + witness.verifierKey() + "\nquorum w\n");
        int old = 0;
        for (int size : new int[] {0, 1, 5, 5, 199}) {
            HttpResponse<String> answer = ask(log.request(old, size));
            assertAnswer(answer, 200, TEXT, answer.body());
            assertThat(answer.body())
                    .startsWith("\u2014 witness.example.org/w1 ")
                    .endsWith("\n");
            assertThat(policy.accept(log.note(size) + answer.body()))
                    .hasValueSatisfying(
                            accepted -> assertThat(accepted.cosigned()).containsExactly(NOW));
            old = size;
        }
        assertThat(err.toString())
                .startsWith("openexec: 2026-11-22T12:00:00Z 200 example.org/log at size 0" + System.lineSeparator())
                .endsWith("openexec: 2026-11-22T12:00:00Z 200 example.org/log at size 199" + System.lineSeparator());
    }

    @Test
    void an_old_size_that_is_not_the_kept_one_is_told_the_kept_one() throws Exception {
        ask(log.request(0, 5));

        assertAnswer(ask(log.request(0, 7)), 409, SIZE, "5\n");
        assertAnswer(ask(log.request(3, 4)), 409, SIZE, "5\n");
        assertThat(err.toString()).contains("409 example.org/log at size 7", "409 example.org/log at size 4");
    }

    @Test
    void another_history_is_refused_and_leaves_a_trace() throws Exception {
        ask(log.request(0, 5));

        assertAnswer(ask(fork.request(5, 5)), 409, SIZE, "5\n");
        assertAnswer(ask(fork.request(5, 6)), 422, TEXT, "");
        assertThat(ask(log.request(5, 6)).statusCode()).isEqualTo(200);
        assertThat(err.toString()).contains("409 example.org/log at size 5", "422 example.org/log at size 6");
    }

    @Test
    void what_another_key_signed_or_of_a_log_that_nobody_knows_is_refused_without_a_trace() throws Exception {
        LogKey impostor = new LogKey(WitnessedLog.ORIGIN, Ed25519SigningKey.generate());
        LogKey stranger = new LogKey("example.org/other", Ed25519SigningKey.generate());

        assertAnswer(ask(log.of(impostor).request(0, 5)), 403, TEXT, "");
        assertAnswer(ask(log.of(stranger).request(0, 5)), 404, TEXT, "");
        assertThat(err.toString()).isEmpty();
        assertNothingCosigned();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "old 0\n", "old 6\n\nX", "old 0\n!\n\nX", "nonsense"})
    void what_is_malformed_is_refused(String request) throws Exception {
        assertAnswer(ask(request.replace("X", log.note(5))), 400, TEXT, "");
        assertThat(err.toString()).isEmpty();
        assertNothingCosigned();
    }

    /** Were it replaced, as Java does by itself, what is judged would not be what was sent. */
    @Test
    void what_is_no_utf_8_is_malformed() throws Exception {
        byte[] good = (log.request(0, 5) + "\u2014 \u00e9 AAAAAAA=\n").getBytes(UTF_8);
        byte[] bad = good.clone();
        bad[bad.length - 11] ^= 0x40;

        assertAnswer(post(bad), 400, TEXT, "");
        assertThat(post(good).statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> post(byte[] body) throws IOException, InterruptedException {
        return client.ask("POST", "/add-checkpoint", BodyPublishers.ofByteArray(body));
    }

    @Test
    void a_body_has_64_kib_at_most_however_it_is_sent() throws Exception {
        byte[] most = "x".repeat(65_536).getBytes(UTF_8);
        byte[] more = "x".repeat(65_537).getBytes(UTF_8);

        assertAnswer(post(most), 400, TEXT, "");
        assertAnswer(post(more), 413, TEXT, "");
        assertAnswer(
                client.ask(
                        "POST", "/add-checkpoint", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(more))),
                413,
                TEXT,
                "");
        assertNothingCosigned();
    }

    @Test
    void it_is_found_below_any_prefix_and_nowhere_else() throws Exception {
        HttpResponse<String> answer =
                client.ask("POST", "/some/prefix/add-checkpoint", BodyPublishers.ofString(log.request(0, 5)));
        assertThat(answer.statusCode()).isEqualTo(200);

        for (String path : new String[] {"/", "/add-checkpoint/", "/add", "/log/key"}) {
            assertAnswer(client.ask("POST", path, BodyPublishers.ofString(log.request(5, 6))), 404, TEXT, "");
            assertAnswer(client.ask("GET", path, BodyPublishers.noBody()), 404, TEXT, "");
        }
        assertAnswer(ask(log.request(0, 6)), 409, SIZE, "5\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "OPTIONS"})
    void nothing_but_post_is_allowed(String method) throws Exception {
        HttpResponse<String> answer = client.ask(method, "/add-checkpoint", BodyPublishers.ofString(log.request(0, 5)));

        assertAnswer(answer, 405, TEXT, "");
        assertThat(answer.headers().firstValue("Allow")).contains("POST");
        assertNothingCosigned();
    }

    @Test
    void what_was_cosigned_is_known_after_a_restart() throws Exception {
        ask(log.request(0, 5));
        server.close();
        start();

        assertAnswer(ask(fork.request(0, 6)), 409, SIZE, "5\n");
        assertAnswer(ask(fork.request(5, 6)), 422, TEXT, "");
        assertThat(ask(log.request(5, 6)).statusCode()).isEqualTo(200);
    }

    @Test
    void while_the_state_cannot_be_read_or_written_nothing_is_cosigned() throws Exception {
        ask(log.request(0, 5));
        Path file = folder.resolve("state")
                .resolve(Digest.ofUtf8(WitnessedLog.ORIGIN).hex());
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        String kept = Files.readString(file);

        Files.writeString(file, "");
        assertAnswer(ask(log.request(5, 6)), 503, TEXT, "");
        assertAnswer(ask(fork.request(0, 6)), 503, TEXT, "");
        assertThat(err.toString()).contains("witness-state-unusable: ");
        Files.writeString(file, kept);
        Files.createDirectory(fresh);
        assertAnswer(ask(log.request(5, 6)), 503, TEXT, "");
        Files.delete(fresh);
        assertAnswer(ask(log.request(0, 6)), 409, SIZE, "5\n");
        assertThat(ask(log.request(5, 6)).statusCode()).isEqualTo(200);
    }
}
