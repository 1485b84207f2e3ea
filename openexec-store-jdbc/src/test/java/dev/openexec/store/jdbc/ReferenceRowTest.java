package dev.openexec.store.jdbc;

import static dev.openexec.store.jdbc.TestStores.CLOCK;
import static dev.openexec.store.jdbc.TestStores.NOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openexec.Execution;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.InDoubtException;
import dev.openexec.RefusedException;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.approval.Authority;
import dev.openexec.json.Digest;
import dev.openexec.json.Json;
import dev.openexec.store.Claim;
import dev.openexec.store.Write;
import dev.openexec.testkit.RecordingAction;
import dev.openexec.testkit.SettableClock;
import dev.openexec.testkit.TestApprovals;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of the rows of the Python reference. */
class ReferenceRowTest {

    private static final Json PAYLOAD = Json.of(Map.of("amount", 100));
    private static final int MEBIBYTE = 1 << 20;
    private static final TestApprovals APPROVER = TestApprovals.forTenant("acme");

    private @TempDir Path folder;
    private final SettableClock clock = new SettableClock(NOW);
    private final RecordingAction pay = RecordingAction.counting("pay", Kind.AT_MOST_ONCE);
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("openexec.db");
    }

    private Executor executor(ApprovalPolicy policy) {
        return Executor.with(SqliteStore.at(file), policy)
                .action(pay)
                .clock(clock)
                .build();
    }

    private static ExecutionRequest request(String nonce) {
        return ExecutionRequest.of("pay", PAYLOAD, nonce);
    }

    @Test
    void a_row_as_the_reference_writes_it_is_replayed() throws Exception {
        ReferenceDatabase.with(file, ReferenceDatabase.ROW);
        try (Executor executor = executor(ApprovalPolicy.unsignedDemo())) {
            assertThat(executor.execute(request("n-1")).id()).hasToString("0b2b3c65-6b2e-4f2b-8d0a-0d3a5b1f7c11");
        }
        assertThat(pay.entered()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id = 'x'                                                | imported-id          | outcome-indeterminate",
                "id = upper(id)                                          | imported-id          | outcome-indeterminate",
                "id = replace(id, '-', '')                               | imported-id          | outcome-indeterminate",
                "id = CAST(id AS BLOB)                                   | imported-id          | outcome-indeterminate",
                "timestamp = '+999999999-01-01 00:00:00.000000'          | imported-timestamp   | outcome-indeterminate",
                "payload = {1048577 bytes}                               | imported-payload     | nonce-reused",
                "result = {1048577 bytes}                                | imported-result      | outcome-indeterminate",
                "action = ''                                             | imported-action      | nonce-reused",
                "action = CAST(action AS BLOB)                           | imported-action      | nonce-reused",
                "action = CAST(x'ff' AS TEXT)                            | imported-action      | nonce-reused",
                "action = printf('%.257c', 'x')                          | imported-action      | nonce-reused",
                "payload = NULL                                          | imported-payload     | nonce-reused",
                "payload = ''                                            | imported-payload     | nonce-reused",
                "payload = '[]'                                          | imported-payload     | nonce-reused",
                "payload = 'null'                                        | imported-payload     | nonce-reused",
                "payload = '{\"amount\":100}'                            | imported-payload     | nonce-reused",
                "payload = '{\"amount\": 100} '                          | imported-payload     | nonce-reused",
                "payload = '{\"amount\": 1e2}'                           | imported-payload     | nonce-reused",
                "payload = '{\"amount\": 100, \"amount\": 100}'          | imported-payload     | nonce-reused",
                "payload = CAST(payload AS BLOB)                         | imported-payload     | nonce-reused",
                "payload = CAST(x'7b22ff223a20317d' AS TEXT)              | imported-payload     | nonce-reused",
                "result = NULL                                           | imported-result      | outcome-indeterminate",
                "result = ''                                             | imported-result      | outcome-indeterminate",
                "result = '[1]'                                          | imported-result      | outcome-indeterminate",
                "result = '\"text\"'                                     | imported-result      | outcome-indeterminate",
                "result = '{\"entry\":1}'                                | imported-result      | outcome-indeterminate",
                "result = '{\"b\": 1, \"a\": 1}'                         | imported-result      | outcome-indeterminate",
                "result = '{\"e\": \"\u00e9\"}'                          | imported-result      | outcome-indeterminate",
                "result = '{\"entry\": NaN}'                             | imported-result      | outcome-indeterminate",
                "result = '{\"entry\": \"\\ud800\"}'                     | imported-result      | outcome-indeterminate",
                "result = CAST(result AS BLOB)                           | imported-result      | outcome-indeterminate",
                "approved = 0                                            | imported-unapproved  | outcome-indeterminate",
                "approved = NULL                                         | imported-unapproved  | outcome-indeterminate",
                "approved = 2                                            | imported-unapproved  | outcome-indeterminate",
                "approved = 'true'                                       | imported-unapproved  | outcome-indeterminate",
                "timestamp = NULL                                        | imported-timestamp   | outcome-indeterminate",
                "timestamp = 1                                           | imported-timestamp   | outcome-indeterminate",
                "timestamp = '2026-11-22 11:00:00'                       | imported-timestamp   | outcome-indeterminate",
                "timestamp = '2026-02-30 11:00:00.000000'                | imported-timestamp   | outcome-indeterminate",
                "timestamp = '2026-11-22 11:00:00.000000Z'               | imported-timestamp   | outcome-indeterminate"
            })
    void a_row_as_the_reference_does_not_write_it_blocks_its_nonce_and_is_never_replayed(
            String change, String code, String verdict) throws Exception {
        ReferenceDatabase.with(
                file,
                ReferenceDatabase.ROW,
                "UPDATE execution_log SET "
                        + change.replace("{1048577 bytes}", ReferenceDatabase.object(MEBIBYTE + 1)));

        for (int start = 0; start < 2; start++) {
            try (Executor executor = executor(ApprovalPolicy.unsignedDemo())) {
                assertThat(verdict(executor, request("n-1"))).isEqualTo(verdict);
            }
        }
        assertThat(Sql.texts(file, "SELECT code FROM oe_execution")).containsExactly(code);
        try (Executor signed = executor(APPROVER.policy())) {
            clock.advance(Duration.ofMinutes(2));
            String approval = APPROVER.approve("pay", PAYLOAD, clock.instant());
            assertThat(verdict(signed, request("n-1").withApproval(approval))).isEqualTo("nonce-reused");
        }
        assertThat(pay.entered()).isZero();
    }

    @Test
    void a_payload_and_a_result_of_one_mebibyte_are_imported_and_replayed() throws Exception {
        String longest = ReferenceDatabase.object(MEBIBYTE);
        ReferenceDatabase.with(
                file, ReferenceDatabase.ROW, "UPDATE execution_log SET payload = " + longest + ", result = " + longest);
        Json payload =
                Json.parse(Sql.texts(file, "SELECT payload FROM execution_log").get(0));

        try (Executor executor = executor(ApprovalPolicy.unsignedDemo())) {
            Execution execution = executor.execute(ExecutionRequest.of("pay", payload, "n-1"));

            assertThat(execution.replayed()).isTrue();
            assertThat(execution.result().spaced()).hasSize(MEBIBYTE);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x'6e2d31'",
                "x''",
                "x'ff00'",
                "CAST(x'ff' AS TEXT)",
                "CAST(x'6e2dc0b1' AS TEXT)",
                "CAST(x'eda080' AS TEXT)",
                "printf('%.300000c', 'x')"
            })
    void a_nonce_that_nobody_can_ask_for_is_imported_beside_the_others(String nonce) throws Exception {
        String other =
                "INSERT INTO execution_log SELECT '00000000-0000-4000-8000-000000000000', action, payload, result, "
                        + nonce + ", approved, timestamp FROM execution_log";
        ReferenceDatabase.with(file, ReferenceDatabase.ROW, other);

        assertThatCode(() -> executor(ApprovalPolicy.unsignedDemo()).close()).doesNotThrowAnyException();

        try (Executor executor = executor(ApprovalPolicy.unsignedDemo())) {
            assertThat(executor.execute(request("n-1")).replayed()).isTrue();
        }
        assertThat(Sql.texts(file, "SELECT code FROM oe_execution WHERE exec_id LIKE '0000%'"))
                .containsExactly("imported-nonce");
    }

    @Test
    void two_nonces_of_the_same_bytes_of_which_neither_can_be_asked_for_are_both_imported() throws Exception {
        ReferenceDatabase.with(
                file,
                ReferenceDatabase.ROW,
                "INSERT INTO execution_log SELECT '0-a', action, payload, result, x'ff', approved, timestamp"
                        + " FROM execution_log",
                "INSERT INTO execution_log SELECT '0-b', action, payload, result, CAST(x'ff' AS TEXT), approved, timestamp"
                        + " FROM execution_log WHERE id NOT LIKE '0-%'");

        executor(ApprovalPolicy.unsignedDemo()).close();

        assertThat(Sql.texts(file, "SELECT code FROM oe_execution WHERE code IS NOT NULL"))
                .containsExactly("imported-nonce", "imported-nonce");
    }

    @Test
    void another_request_under_an_imported_nonce_gets_nothing() throws Exception {
        ReferenceDatabase.with(file, ReferenceDatabase.ROW);
        RecordingAction other = RecordingAction.counting("other", Kind.PURE);
        try (Executor executor = Executor.with(SqliteStore.at(file), ApprovalPolicy.unsignedDemo())
                .action(pay)
                .action(other)
                .build()) {
            assertThat(verdict(executor, ExecutionRequest.of("pay", Json.emptyObject(), "n-1")))
                    .isEqualTo("nonce-reused");
            assertThat(verdict(executor, ExecutionRequest.of("other", PAYLOAD, "n-1")))
                    .isEqualTo("nonce-reused");
            assertThat(executor.execute(request("n-2")).replayed()).isFalse();
        }
    }

    @Test
    void nothing_of_ours_is_claimed_or_recorded_as_imported() throws Exception {
        ReferenceDatabase.with(file, ReferenceDatabase.ROW);
        try (SqliteStore store = SqliteStore.at(file)) {
            store.open(false, CLOCK);
            Digest nonceKey = Digest.ofFields("openexec/nonce/1", new byte[0], "n-1".getBytes(UTF_8));
            Claim imported =
                    TestStores.get(store.find(List.of(nonceKey))).orElseThrow().claim();

            assertThat(imported.authority()).isEqualTo(Authority.IMPORTED);
            assertThatThrownBy(() -> new Write.Insert(imported, null, null))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** The name of what stands in the way. */
    private static String verdict(Executor executor, ExecutionRequest request) {
        Throwable refusal = catchThrowable(() -> executor.execute(request));
        if (refusal instanceof RefusedException refused) {
            return refused.reason().problem();
        }
        return refusal instanceof InDoubtException doubt ? doubt.doubt().problem() : String.valueOf(refusal);
    }
}
