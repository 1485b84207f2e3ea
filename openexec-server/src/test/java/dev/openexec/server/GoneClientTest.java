package dev.openexec.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.testkit.RecordingAction;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that ask to wait for another's answer, and are gone before it comes. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GoneClientTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final int AT_ONCE = 4; // of which one may wait for another
    private static final int CONNECTIONS = AT_ONCE + 2;
    private static final int ALL_BODIES = (AT_ONCE + 1) * 48;
    private static final int ROUNDS = 10; // each needs everything that the server has

    private final Semaphore entered = new Semaphore(0);
    private volatile CountDownLatch end = new CountDownLatch(1);
    private final RecordingAction slow = RecordingAction.of("slow", Kind.AT_MOST_ONCE, (input, context) -> {
        CountDownLatch mine = end;
        entered.release();
        mine.await();
        return Json.emptyObject();
    });

    private int probes;

    private interface Leaving {
        void leave(RawConnection client) throws IOException;
    }

    @Test
    void a_client_that_hangs_up_while_it_waits_leaves_nothing_behind() throws Exception {
        leavesNothingBehind(RawConnection::close);
    }

    @Test
    void a_client_that_breaks_down_while_it_waits_leaves_nothing_behind() throws Exception {
        leavesNothingBehind(RawConnection::reset);
    }

    private void leavesNothingBehind(Leaving leaving) throws Exception {
        Limits small = new Limits(4096, LONG, LONG, LONG, LONG, CONNECTIONS, ALL_BODIES);
        try (TestServer server = TestServer.with(ApprovalPolicy.unsignedDemo())
                .limits(small)
                .maxConcurrent(AT_ONCE)
                .actions(slow)
                .start()) {
            for (int round = 0; round < ROUNDS; round++) {
                List<RawConnection> running = fill(server, round);
                leaving.leave(waiting(server, "n-" + round + "-0"));
                end(running);
            }
            List<RawConnection> running = fill(server, ROUNDS);
            try (RawConnection patient = waiting(server, "n-" + ROUNDS + "-0")) {
                end(running);
                assertThat(patient.read().headers()).containsEntry("openexec-replayed", "true");
            }
        }
        assertThat(slow.entered()).isEqualTo((ROUNDS + 1) * (AT_ONCE - 1));
    }

    /** All that may be at work but one. */
    private List<RawConnection> fill(TestServer server, int round) throws IOException {
        end = new CountDownLatch(1);
        List<RawConnection> running = new ArrayList<>();
        for (int i = 0; i < AT_ONCE - 1; i++) {
            running.add(entering(server, "n-" + round + "-" + i));
        }
        return running;
    }

    private void end(List<RawConnection> running) throws IOException {
        end.countDown();
        for (RawConnection connection : running) {
            assertThat(connection.read().status()).isEqualTo(200);
            connection.close();
        }
    }

    /** A connection whose request has entered the action. It is sent again while those of before are still at work. */
    private RawConnection entering(TestServer server, String nonce) throws IOException {
        while (true) {
            RawConnection connection = server.connect();
            connection.send(RawConnection.post("/execute", request("slow", nonce)));
            while (!connection.hasAnswer()) {
                if (entered.tryAcquire()) {
                    return connection;
                }
                Thread.onSpinWait();
            }
            assertThat(connection.read().problem()).isEqualTo("overloaded");
            connection.close();
        }
    }

    /** A connection whose request waits for the first of its nonce: the server, which was not, is full when it does. */
    private RawConnection waiting(TestServer server, String nonce) throws IOException {
        while (true) {
            while (isFull(server)) {} // who has gone may still be at work
            RawConnection connection = server.connect();
            connection.send(RawConnection.post("/execute", request("slow", nonce), "Prefer: wait=20"));
            while (!connection.hasAnswer()) {
                if (isFull(server)) {
                    return connection;
                }
            }
            assertThat(connection.read().problem()).isEqualTo("overloaded"); // the last probe was not quite over
            connection.close();
        }
    }

    private boolean isFull(TestServer server) throws IOException {
        return server.post("/execute", request("echo", "p-" + probes++)).status() == 503;
    }

    private static String request(String action, String nonce) {
        return "{\"action\":\"" + action + "\",\"nonce\":\"" + nonce + "\"}";
    }
}
