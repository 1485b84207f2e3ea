package dev.openexec.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.store.Change;
import dev.openexec.store.Ending;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.StoredExecution.Resolution;
import dev.openexec.store.Write;
import dev.openexec.testkit.RecordingAction;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What HTTP says of an execution that a person has settled, and of a result that was erased. */
class ResolvedOverHttpTest {

    private static final String LOST = "{\"action\":\"lose\",\"nonce\":\"n\"}";
    private static final String ECHO = "{\"action\":\"echo\",\"nonce\":\"m\"}";

    private final RecordingAction lose = RecordingAction.of("lose", Kind.AT_MOST_ONCE, (input, context) -> {
        throw new IllegalStateException("who knows");
    });

    @Test
    void a_success_that_a_person_supplied_says_so() throws IOException {
        try (TestServer server = TestServer.start(ApprovalPolicy.unsignedDemo(), lose)) {
            server.post("/execute", LOST);
            resolve(server, Ending.succeeded(Instant.now(), "{\"paid\": true}"));

            RawResponse again = server.post("/execute", LOST);
            assertThat(again.status()).isEqualTo(200);
            assertThat(again.json().get("resolved").orElseThrow().asBoolean()).isTrue();
            assertThat(again.json().get("result").orElseThrow().canonical()).isEqualTo("{\"paid\":true}");
        }
    }

    @Test
    void a_failure_that_a_person_supplied_says_so() throws IOException {
        try (TestServer server = TestServer.start(ApprovalPolicy.unsignedDemo(), lose)) {
            server.post("/execute", LOST);
            resolve(server, Ending.failed(Instant.now(), "never-arrived"));

            RawResponse again = server.post("/execute", LOST);
            assertThat(again.status()).isEqualTo(424);
            assertThat(again.problem()).isEqualTo("action-failed");
            assertThat(again.json().get("resolved").orElseThrow().asBoolean()).isTrue();
        }
    }

    @Test
    void an_erased_result_is_410() throws IOException {
        try (TestServer server = TestServer.start(ApprovalPolicy.unsignedDemo(), lose)) {
            assertThat(server.post("/execute", ECHO).json().get("resolved")).isEmpty();
            server.store()
                    .write(new Write.EraseResults(Instant.now().plusSeconds(60), 10, null))
                    .toCompletableFuture()
                    .join();

            RawResponse again = server.post("/execute", ECHO);
            assertThat(again.status()).isEqualTo(410);
            assertThat(again.problem()).isEqualTo("result-erased");
            assertThat(again.text("detail"))
                    .isEqualTo("The action succeeded, its result was erased since, and it will not run again");
        }
    }

    @Test
    void an_erased_execution_is_410_with_a_name_of_its_own() throws IOException {
        try (TestServer server = TestServer.start(ApprovalPolicy.unsignedDemo(), lose)) {
            server.post("/execute", ECHO);
            StoredExecution row = server.store()
                    .executions(null, 1)
                    .toCompletableFuture()
                    .join()
                    .get(0);
            server.store()
                    .write(new Change.Erase(row.claim().nonceKey(), row.claim().token(), 1, null))
                    .toCompletableFuture()
                    .join();

            RawResponse again = server.post("/execute", ECHO);
            assertThat(again.status()).isEqualTo(410);
            assertThat(again.problem()).isEqualTo("execution-erased");
            assertThat(again.text("detail")).isEqualTo("What was executed was erased since, and it will not run again");
        }
    }

    private static void resolve(TestServer server, Ending ending) {
        StoredExecution row =
                server.store().executions(null, 1).toCompletableFuture().join().get(0);
        server.store()
                .write(new Change.Resolve(
                        row.claim().nonceKey(),
                        row.claim().token(),
                        row.attempt(),
                        ending,
                        new Resolution("alice", "a statement"),
                        null))
                .toCompletableFuture()
                .join();
    }
}
