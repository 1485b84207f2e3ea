package dev.openexec.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.store.Change;
import dev.openexec.store.StoreException;
import dev.openexec.store.Write;
import dev.openexec.testkit.CapturedLog;
import dev.openexec.testkit.RecordingAction;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What callers hear when the ledger does not work. */
class LedgerTroubleTest {

    private static final String REQUEST = "{\"action\":\"effect\",\"nonce\":\"n\"}";

    @ParameterizedTest
    @EnumSource(
            value = StoreException.Reason.class,
            names = {
                "STORE_UNAVAILABLE",
                "STORE_READ_ONLY",
                "STORE_FULL",
                "CLAIM_UNCONFIRMED",
                "LEDGER_ROLLBACK_DETECTED"
            })
    void a_ledger_that_takes_no_claim_is_503_under_its_own_name(StoreException.Reason reason) throws IOException {
        RecordingAction effect = RecordingAction.counting("effect", Kind.AT_MOST_ONCE);
        try (TestServer server = TestServer.start(ApprovalPolicy.unsignedDemo(), effect)) {
            server.store().breakWrites(write -> write instanceof Write.Insert, reason);
            RawResponse response = server.post("/execute", REQUEST);

            assertProblem(
                    response,
                    503,
                    reason.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    "The ledger cannot record a claim, so nothing ran; ask again with the same nonce");
            assertThat(response.headers()).containsEntry("retry-after", "5");
            assertThat(effect.entered()).isZero();
        }
    }

    @Test
    void an_ending_that_is_not_durable_yet_is_503() throws IOException {
        RecordingAction effect = RecordingAction.counting("effect", Kind.AT_MOST_ONCE);
        try (TestServer server = TestServer.start(ApprovalPolicy.unsignedDemo(), effect)) {
            server.store().breakWrites(write -> write instanceof Change.End, StoreException.Reason.STORE_FULL);
            RawResponse response = server.post("/execute", REQUEST);

            assertProblem(
                    response,
                    503,
                    "completion-pending",
                    "What became of it is not on disk yet; ask again with the same nonce");
            assertThat(response.text("exec_id"))
                    .isEqualTo(effect.entries().get(0).executionId().toString());
        }
    }

    @Test
    void anything_unforeseen_is_500_without_details() throws IOException {
        RecordingAction effect = RecordingAction.counting("effect", Kind.AT_MOST_ONCE);
        try (TestServer server = TestServer.start(ApprovalPolicy.unsignedDemo(), effect);
                CapturedLog log = CapturedLog.open()) {
            server.store().breakReads();
            RawResponse response = server.post("/execute", REQUEST);

            assertProblem(
                    response,
                    500,
                    "internal-error",
                    "Something unforeseen; the server's log has it under this instance");
            assertThat(effect.entered()).isZero();
            assertThat(String.join("\n", log.events()))
                    .contains(
                            response.headers().get("openexec-request-id"),
                            "IllegalStateException",
                            "Caused by: java.lang.ArithmeticException",
                            "\tat " + WatchedStore.class.getName() + ".find(")
                    .doesNotContain("SELECT");
        }
    }

    private static void assertProblem(RawResponse response, int status, String problem, String detail) {
        assertThat(response.problem()).isEqualTo(problem);
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.text("detail")).isEqualTo(detail);
        assertThat(response.body()).doesNotContain("SELECT");
    }
}
