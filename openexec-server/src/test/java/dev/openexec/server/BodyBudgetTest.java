package dev.openexec.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.approval.ApprovalPolicy;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is reserved for bodies, and when it is given back. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BodyBudgetTest {

    private static final String ADD = "{\"action\":\"add\",\"payload\":{\"a\":1},\"nonce\":\"n\"}";
    private static final String REQUEST = RawConnection.post("/execute", ADD);
    private static final String ALL_BUT_ONE = REQUEST.substring(0, REQUEST.length() - 1);
    private static final String LAST = REQUEST.substring(REQUEST.length() - 1);

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofMinutes(5);

    @Test
    void a_body_that_no_room_is_left_for_is_refused_before_it_is_read() throws IOException {
        try (TestServer server = roomForOneBody(LONG);
                RawConnection first = server.connect();
                RawConnection second = server.connect()) {
            occupy(first);
            second.send(ALL_BUT_ONE.substring(0, ALL_BUT_ONE.indexOf('{')));
            RawResponse refusal = second.read();

            assertThat(refusal.status()).isEqualTo(503);
            assertThat(refusal.problem()).isEqualTo("overloaded");
            assertThat(refusal.headers()).containsEntry("retry-after", "1");
            assertThat(second.isClosedByServer()).isTrue();
            assertThat(server.get("/health").status()).isEqualTo(200);

            first.send(LAST);
            assertThat(first.read().status()).isEqualTo(200);
        }
    }

    @Test
    void an_answered_request_gives_its_room_back_once() throws IOException {
        try (TestServer server = roomForOneBody(LONG);
                RawConnection first = server.connect()) {
            for (int i = 0; i < 3; i++) {
                occupy(first);
                first.send(LAST);
                assertThat(first.read().status()).isEqualTo(200);
            }
            occupy(first);

            assertThat(server.send(REQUEST).problem()).isEqualTo("overloaded");
        }
    }

    @Test
    void a_body_that_is_too_slow_gives_its_room_back() throws IOException {
        try (TestServer server = roomForOneBody(SHORT);
                RawConnection first = server.connect()) {
            occupy(first);
            assertThat(first.read().problem()).isEqualTo("request-timeout");
            assertThat(first.isClosedByServer()).isTrue();

            awaitRoom(server);
        }
    }

    @Test
    void a_body_that_ends_early_gives_its_room_back() throws IOException {
        try (TestServer server = roomForOneBody(LONG);
                RawConnection first = server.connect()) {
            occupy(first);
            first.endOutput();
            assertThat(first.read().problem()).isEqualTo("invalid-framing");
            assertThat(first.isClosedByServer()).isTrue();

            awaitRoom(server);
        }
    }

    /**
     * A client sees its connection closed a moment before the server has put its exchange away; asked in between, the
     * server rightly says to come again. Room that is never given back ends this by the class's time limit.
     */
    private static void awaitRoom(TestServer server) throws IOException {
        RawResponse answer = server.post("/execute", ADD);
        while (answer.status() == 503) {
            answer = server.post("/execute", ADD);
        }
        assertThat(answer.status()).isEqualTo(200);
    }

    /** The server has read the head once it says that the body may come. */
    private static void occupy(RawConnection connection) throws IOException {
        connection.send(ALL_BUT_ONE.replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n"));
        assertThat(connection.read().status()).isEqualTo(100);
    }

    private static TestServer roomForOneBody(Duration deadline) {
        return TestServer.with(ApprovalPolicy.unsignedDemo())
                .limits(new Limits(4096, LONG, deadline, LONG, LONG, 10, ADD.length()))
                .start();
    }
}
