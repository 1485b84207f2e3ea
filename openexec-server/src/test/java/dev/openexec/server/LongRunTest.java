package dev.openexec.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.testkit.RecordingAction;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long a client of {@code POST /execute} waits, and what it is told then. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LongRunTest {

    private static final String REQUEST = "{\"action\":\"slow\",\"nonce\":\"n\"}";

    private final CountDownLatch go = new CountDownLatch(1);
    private final RecordingAction slow = RecordingAction.waitingFor(go, "slow", Kind.AT_MOST_ONCE);

    @AfterEach
    void let_everything_end() {
        go.countDown();
    }

    /** Its duplicates wait for a day. */
    private TestServer.Builder server() {
        return TestServer.with(ApprovalPolicy.unsignedDemo())
                .waitBudget(Duration.ofDays(1))
                .actions(slow);
    }

    private static RawResponse prefer(TestServer server, String preference) throws IOException {
        return server.send(RawConnection.post("/execute", REQUEST, "Prefer: " + preference));
    }

    @Test
    void a_duplicate_waits_as_long_as_it_prefers() throws Exception {
        try (TestServer server = server().start();
                RawConnection first = server.connect()) {
            first.send(RawConnection.post("/execute", REQUEST));
            slow.awaitEntry();
            RawResponse atOnce = prefer(server, "wait=0");
            RawResponse later = prefer(server, "respond-async, wait=1");
            go.countDown();

            assertProblem(atOnce, 409, "execution-in-progress", "Still running; ask again with the same nonce");
            assertProblem(later, 409, "execution-in-progress", "Still running; ask again with the same nonce");
            assertThat(atOnce.headers())
                    .containsEntry("preference-applied", "wait=0")
                    .containsEntry("retry-after", "1");
            assertThat(later.headers())
                    .containsEntry("preference-applied", "wait=1")
                    .containsEntry("retry-after", "1");
            assertThat(first.read().status()).isEqualTo(200);
        }
    }

    @Test
    void an_answer_says_that_the_preference_was_honoured_also_if_there_was_nothing_to_wait_for() throws IOException {
        go.countDown();
        try (TestServer server = server().start()) {
            RawResponse first = prefer(server, "wait=3");
            RawResponse replay = prefer(server, "wait=3");
            RawResponse malformed = prefer(server, "wait=soon");

            assertThat(first.status()).isEqualTo(200);
            assertThat(first.headers()).containsEntry("preference-applied", "wait=3");
            assertThat(replay.headers())
                    .containsEntry("preference-applied", "wait=3")
                    .containsEntry("openexec-replayed", "true");
            assertThat(malformed.status()).isEqualTo(200);
            assertThat(malformed.headers()).doesNotContainKey("preference-applied");
        }
    }

    @Test
    void of_many_duplicates_32_wait_and_the_others_are_told_at_once() throws Exception {
        try (TestServer server = server().start();
                RawConnection first = server.connect()) {
            first.send(RawConnection.post("/execute", REQUEST));
            slow.awaitEntry();
            List<RawConnection> duplicates = new ArrayList<>();
            for (int i = 0; i < 33; i++) {
                duplicates.add(server.connect());
                duplicates.get(i).send(RawConnection.post("/execute", REQUEST));
            }
            int told = 0;
            while (told == 0) {
                for (RawConnection duplicate : duplicates) {
                    told += duplicate.hasAnswer() ? 1 : 0;
                }
            }
            go.countDown();
            List<Integer> statuses = new ArrayList<>();
            for (RawConnection duplicate : duplicates) {
                statuses.add(duplicate.read().status());
                duplicate.close();
            }

            assertThat(told).isEqualTo(1);
            assertThat(statuses).filteredOn(status -> status == 200).hasSize(32);
            assertThat(statuses).filteredOn(status -> status == 409).hasSize(1);
            assertThat(slow.entered()).isEqualTo(1);
        }
    }

    @Test
    void at_the_soft_deadline_it_is_504_and_the_same_nonce_replays_what_came_of_it() throws Exception {
        try (TestServer server = server().softDeadline(Duration.ofSeconds(1)).start()) {
            RawResponse timeout = server.post("/execute", REQUEST);
            go.countDown();
            RawResponse replay = server.post("/execute", REQUEST);

            assertProblem(
                    timeout,
                    504,
                    "execution-timeout",
                    "Still running, and its ending will be recorded; ask again with the same nonce");
            assertThat(timeout.headers()).containsEntry("retry-after", "5");
            assertThat(replay.status()).isEqualTo(200);
            assertThat(replay.headers()).containsEntry("openexec-replayed", "true");
            assertThat(replay.text("id")).isEqualTo(timeout.text("exec_id"));
            assertThat(slow.entered()).isEqualTo(1);
        }
    }

    @Test
    void at_the_hard_deadline_it_is_500_for_the_first_and_for_who_waits() throws Exception {
        try (TestServer server = server().hardDeadline(Duration.ofSeconds(2)).start();
                RawConnection first = server.connect();
                RawConnection second = server.connect()) {
            first.send(RawConnection.post("/execute", REQUEST));
            slow.awaitEntry();
            second.send(RawConnection.post("/execute", REQUEST));
            String detail = "The action ran or may have run, and how it ended is not known; it will not run again";

            assertProblem(first.read(), 500, "outcome-indeterminate", detail);
            assertProblem(second.read(), 500, "outcome-indeterminate", detail);
            go.countDown();
        }
    }

    private static void assertProblem(RawResponse response, int status, String problem, String detail) {
        assertThat(response.problem()).isEqualTo(problem);
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.text("detail")).isEqualTo(detail);
    }
}
