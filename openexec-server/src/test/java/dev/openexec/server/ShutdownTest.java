package dev.openexec.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.testkit.RecordingAction;
import java.net.ConnectException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is refused while something runs: when the server is full, and when it is told to stop. */
@Timeout(60)
class ShutdownTest {

    private static final String SLOW = "{\"action\":\"slow\",\"nonce\":\"slow\"}";

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);
    private final RecordingAction slow = RecordingAction.of("slow", Kind.AT_MOST_ONCE, (input, context) -> {
        entered.countDown();
        end.await();
        return Json.emptyObject();
    });

    @Test
    void what_runs_is_finished_and_answered_and_nothing_new_begins() throws Exception {
        TestServer server = TestServer.start(ApprovalPolicy.unsignedDemo(), slow);
        try (RawConnection running = server.connect();
                RawConnection open = server.connect()) {
            running.send(RawConnection.post("/execute", SLOW));
            entered.await();
            Thread stopping = new Thread(server::close);
            stopping.start();

            RawResponse refused = firstRefusal(open);
            assertThat(refused.problem()).isEqualTo("shutting-down");
            assertThat(refused.headers()).containsEntry("retry-after", "1");
            open.send("GET /ready HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(open.read().body()).isEqualTo("{\"ready\":false,\"reasons\":[\"shutting-down\"]}");
            assertThatThrownBy(server::connect).isInstanceOf(ConnectException.class);

            end.countDown();
            assertThat(running.read().status()).isEqualTo(200);
            stopping.join();
        }
        assertThat(slow.entered()).isEqualTo(1);
    }

    /** The server is being stopped on another thread: asks until it has noticed. */
    private static RawResponse firstRefusal(RawConnection open) throws Exception {
        for (int i = 0; ; i++) {
            open.send(RawConnection.post("/execute", "{\"action\":\"echo\",\"nonce\":\"" + i + "\"}"));
            RawResponse response = open.read();
            if (response.status() != 200) {
                return response;
            }
        }
    }

    @Test
    void a_full_server_refuses_and_says_when_to_come_back() throws Exception {
        try (TestServer server = TestServer.with(ApprovalPolicy.unsignedDemo())
                        .actions(slow)
                        .maxConcurrent(1)
                        .start();
                RawConnection running = server.connect()) {
            running.send(RawConnection.post("/execute", SLOW));
            entered.await();
            RawResponse refused = server.post("/execute", "{\"action\":\"echo\",\"nonce\":\"n\"}");
            end.countDown();

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.problem()).isEqualTo("overloaded");
            assertThat(refused.headers()).containsEntry("retry-after", "1");
            assertThat(running.read().status()).isEqualTo(200);
        }
    }
}
