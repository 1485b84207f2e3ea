package dev.openexec.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.testkit.TestApprovals;
import dev.openexec.testkit.TestApprovals.Draft;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every fault an approval can have, in the reference's words where it has any. The ledger stays as it is. */
class ApprovalFaultTest {

    private static final String TENANT = "s3cr3t-tenant";
    private static final TestApprovals APPROVER = TestApprovals.forTenant(TENANT);
    private static final Json PAYLOAD = Json.of(Map.of("to", "s3cr3t"));
    private static final String WRONG_SIGNATURE = "Invalid signature: approval artifact is not authentic";
    private static final String WRONG_HASH = "Action hash mismatch: approval does not match this request";

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.with(ApprovalPolicy.signedBy(TENANT, List.of(APPROVER.key()), Duration.ofHours(1)))
                .allowOnly("echo", "absent")
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void an_approval_fault_is_refused(String what, String request, int status, String problem, String detail)
            throws IOException {
        RawResponse response = server.post("/execute", request);

        assertThat(response.problem()).isEqualTo(problem);
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.text("detail")).isEqualTo(detail);
        assertThat(response.body()).doesNotContain("s3cr3t");
        assertThat(server.store().changes()).isZero();
    }

    static Stream<Arguments> an_approval_fault_is_refused() {
        Instant now = Instant.now();
        Draft good = APPROVER.draft("echo", PAYLOAD, now);
        String malformed = "approval-malformed";
        return Stream.of(
                fault("none", "null", 403, "approval-missing", "ClawShield mode requires an approval artifact"),
                fault("empty", "{}", 422, malformed, "Malformed approval artifact: member-set"),
                fault(
                        "a member too many",
                        good.signThenChange("s3cr3t", "x"),
                        422,
                        malformed,
                        "Malformed approval artifact: member-set"),
                fault(
                        "a member of another type",
                        good.sign().replaceFirst("\"tenant_id\":\"[^\"]*\"", "\"tenant_id\":1"),
                        422,
                        malformed,
                        "Malformed approval artifact: member-type"),
                fault(
                        "an id that is no UUID",
                        good.with("approval_id", "s3cr3t").sign(),
                        403,
                        malformed,
                        "Malformed approval artifact: approval_id-grammar"),
                fault(
                        "upper-case hash",
                        good.with("action_hash", "A".repeat(64)).sign(),
                        403,
                        malformed,
                        WRONG_HASH),
                fault(
                        "no expiry",
                        good.with("expires_at", "").sign(),
                        403,
                        malformed,
                        "Missing expires_at in approval artifact"),
                expiry(good, "never"),
                expiry(good, "2099-02-30T00:00:00"),
                expiry(good, "2099-01-01T00:00:00Z"),
                fault(
                        "an issue time that is none",
                        good.with("issued_at", "s3cr3t").sign(),
                        403,
                        malformed,
                        "Invalid issued_at timestamp"),
                fault(
                        "an issue time on no calendar",
                        good.with("issued_at", "2026-02-30T00:00:00").sign(),
                        403,
                        malformed,
                        "Invalid issued_at timestamp"),
                fault("no signature", good.signThenChange("signature", ""), 403, malformed, WRONG_SIGNATURE),
                fault(
                        "another signature",
                        good.signThenChange("signature", "A".repeat(86) + "=="),
                        403,
                        "approval-signature-invalid",
                        WRONG_SIGNATURE),
                fault(
                        "another key",
                        TestApprovals.forTenant(TENANT).approve("echo", PAYLOAD, now),
                        403,
                        "approval-signature-invalid",
                        WRONG_SIGNATURE),
                fault(
                        "a changed expiry",
                        good.signThenChange("expires_at", "2099-01-01T00:00:00"),
                        403,
                        "approval-signature-invalid",
                        WRONG_SIGNATURE),
                fault(
                        "another payload",
                        APPROVER.approve("echo", Json.emptyObject(), now),
                        403,
                        "approval-hash-mismatch",
                        WRONG_HASH),
                fault(
                        "another tenant",
                        good.with("tenant_id", "other").sign(),
                        403,
                        "approval-tenant-mismatch",
                        "Tenant mismatch"),
                fault(
                        "expired",
                        APPROVER.approve("echo", PAYLOAD, now.minus(Duration.ofMinutes(6))),
                        403,
                        "approval-expired",
                        "Approval artifact expired"),
                fault(
                        "issued in the future",
                        APPROVER.approve("echo", PAYLOAD, now.plus(Duration.ofMinutes(6))),
                        403,
                        "approval-not-yet-valid",
                        "Approval artifact was issued in the future"),
                fault(
                        "issued before the ledger",
                        APPROVER.approve("echo", PAYLOAD, now.minus(Duration.ofMinutes(4))),
                        403,
                        "approval-before-ledger",
                        "Approval artifact was issued too early for this ledger"),
                fault(
                        "valid for too long",
                        good.with("expires_at", TestApprovals.naiveUtc(now.plus(Duration.ofHours(2))))
                                .sign(),
                        403,
                        "approval-lifetime-too-long",
                        "Approval artifact is valid for longer than this server accepts"),
                arguments(
                        "an artifact for an action off the list",
                        request("wire", APPROVER.approve("wire", PAYLOAD, now)),
                        403,
                        "action-not-allowed",
                        "Action 'wire' is not in the execution allow-list"),
                arguments(
                        "an artifact for an action that does not exist",
                        request("absent", APPROVER.approve("absent", PAYLOAD, now)),
                        400,
                        "unknown-action",
                        "Unknown action: absent"));
    }

    private static Arguments expiry(Draft draft, String expiresAt) {
        return fault(
                "an expiry of " + expiresAt,
                draft.with("expires_at", expiresAt).sign(),
                403,
                "approval-malformed",
                "Invalid expires_at timestamp");
    }

    private static Arguments fault(String what, String artifact, int status, String problem, String detail) {
        return arguments(what, request("echo", artifact), status, problem, detail);
    }

    private static String request(String action, String artifact) {
        return "{\"action\":\"" + action + "\",\"payload\":" + PAYLOAD.canonical()
                + ",\"nonce\":\"n\",\"approval_artifact\":" + artifact + "}";
    }
}
