package dev.openexec.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openexec.evidence.Verdict.Why;
import dev.openexec.json.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoggedReceiptTest {

    record Case(String name, Supplier<Draft> draft) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case of(String name, Supplier<Draft> draft) {
        return new Case(name, draft);
    }

    private static Draft intent() {
        return Draft.of("intent", "authorized").with("kind", "AT_MOST_ONCE");
    }

    private static Draft outcome(String status) {
        Draft draft = status.equals("succeeded") ? Draft.succeeded("1") : Draft.of("outcome", status);
        return draft.with("kind", "AT_MOST_ONCE").after(3);
    }

    private static Draft failed() {
        return outcome("failed").with("code", "never-arrived");
    }

    private static Draft resolution() {
        return Draft.of("resolution", "failed")
                .with("code", "c")
                .after(4)
                .document("resolution", "actor", "a", "evidence", "e");
    }

    static Stream<Case> wellFormed() {
        return Stream.of(
                of("intent", LoggedReceiptTest::intent),
                of(
                        "retry",
                        () -> intent().with("kind", "IDEMPOTENT")
                                .with("attempt", 3)
                                .after(0)),
                of("success", () -> outcome("succeeded")),
                of("failure", LoggedReceiptTest::failed),
                of("doubt", () -> outcome("indeterminate").with("code", "owner-died")),
                of("withdrawal", () -> outcome("withdrawn")),
                of("pure success", () -> Draft.succeeded("1")),
                of(
                        "transactional failure",
                        () -> Draft.of("outcome", "failed")
                                .with("kind", "TRANSACTIONAL")
                                .with("code", "c")),
                of("late outcome of a transaction", () -> Draft.succeeded("1").after(1)),
                of("signed", () -> Draft.succeeded("1").signed()),
                of("with the code's digest", () -> intent().with("actionDigest", sha256("code"))),
                of("an action's name beyond ASCII", () -> intent().with("action", "\u00e9\ud83d\ude00\u007f\n")),
                of("resolution", LoggedReceiptTest::resolution),
                of("refusal", Draft::refusal),
                of("refusal by a rule", () -> Draft.refusal().with("rule", "expires_at-grammar")),
                of("refusal of an approval", () -> Draft.refusal().with("approval", Map.of("id", "a"))),
                of("unsigned refusal", () -> Draft.refusal().with("authority", "unsigned")),
                of("control", Draft::control),
                of("control that follows another", () -> Draft.control().after(1)),
                of("control without details", () -> Draft.control().without("details")));
    }

    @ParameterizedTest
    @MethodSource
    void wellFormed(Case allowed) throws Exception {
        assertThat(LoggedReceipt.parse(allowed.draft().get().receipt()).ledgerId())
                .isEqualTo(Draft.LEDGER);
    }

    static Stream<Case> malformed() {
        return Stream.of(
                of("unknown member of the statement", () -> put(intent(), "more", "")),
                of("another type of statement", () -> put(intent(), "_type", "https://in-toto.io/Statement/v0.1")),
                of(
                        "another type of predicate",
                        () -> put(intent(), "predicateType", "https://openexec.dev/receipt/v3")),
                of("unknown member", () -> intent().with("more", "")),
                of(
                        "unknown member of the executor",
                        () -> intent().with(
                                        "executor",
                                        Map.of("id", Draft.LEDGER, "version", "1", "boot", Draft.SALT, "more", ""))),
                of(
                        "executor without boot",
                        () -> intent().with("executor", Map.of("id", Draft.LEDGER, "version", "1"))),
                of(
                        "executor's id in capitals",
                        () -> intent().with(
                                        "executor", Map.of("id", "A".repeat(32), "version", "1", "boot", Draft.SALT))),
                of("unknown phase", () -> Draft.bare("attempt", "authorized")),
                of("phase in capitals", () -> intent().with("phase", "Intent")),
                of("status of another phase", () -> intent().with("status", "succeeded")),
                of("unknown status", () -> outcome("perhaps")),
                of(
                        "withdrawn resolution",
                        () -> resolution().with("status", "withdrawn").without("code")),
                of("no time", () -> intent().without("at")),
                of("time without milliseconds", () -> intent().with("at", "2026-01-02T03:04:05Z")),
                of("time with microseconds", () -> intent().with("at", "2026-01-02T03:04:05.000000Z")),
                of("no such day", () -> intent().with("at", "2026-02-29T03:04:05.000Z")),
                of("hour 24", () -> intent().with("at", "2026-02-28T24:00:00.000Z")),
                of("leap second", () -> intent().with("at", "2026-06-30T23:59:60.000Z")),
                of("time with another zone", () -> intent().with("at", "2026-01-02T03:04:05.000+00:00")),
                of("claimed at no time", () -> intent().with("claimedAt", "")),
                of("execution id in capitals", () -> intent().with("execId", "AAAAAAAA-0000-7000-8000-000000000001")),
                of("no execution id", () -> intent().without("execId")),
                of("no action", () -> intent().without("action")),
                of("empty action", () -> intent().with("action", "")),
                of("action that is no text", () -> intent().with("action", 1)),
                of("unknown kind", () -> intent().with("kind", "AT_LEAST_ONCE")),
                of("tenant with a space", () -> intent().with("tenant", "a b")),
                of("unknown authority", () -> intent().with("authority", "v2")),
                of("attempt 0", () -> intent().with("attempt", 0)),
                of("attempt 4", () -> intent().with("attempt", 4).after(1)),
                of("attempt beyond all integers", () -> intent().with("attempt", (1L << 32) + 1)),
                of("attempt as text", () -> intent().with("attempt", "1")),
                of("attempt with a fraction", () -> intent().with("attempt", 1.5)),
                of(
                        "digest of the code in capitals",
                        () -> intent().with("actionDigest", Map.of("sha256", "A".repeat(64)))),
                of("digest of another kind", () -> intent().with("actionDigest", Map.of("sha1", "a"))),
                of(
                        "signed without an approval",
                        () -> Draft.succeeded("1").signed().without("approval")),
                of("unsigned with an approval", () -> intent().with("approval", Map.of("id", "a"))),
                of(
                        "unknown member of the approval",
                        () -> Draft.succeeded("1").signed().with("approval", Map.of("id", "a", "more", ""))),
                of("success with a code", () -> outcome("succeeded").with("code", "c")),
                of("failure without a code", () -> outcome("failed")),
                of("doubt without a code", () -> outcome("indeterminate")),
                of("withdrawal with a code", () -> outcome("withdrawn").with("code", "c")),
                of("code in capitals", () -> failed().with("code", "C")),
                of("withdrawal of a retry", () -> outcome("withdrawn").with("attempt", 2)),
                of("first intent after another receipt", () -> intent().after(0)),
                of("retry after nothing", () -> intent().with("attempt", 2)),
                of("outcome without its intent", () -> failed().without("previous")),
                of(
                        "outcome of an idempotent action without its intent",
                        () -> failed().with("kind", "IDEMPOTENT").without("previous")),
                of("resolution of nothing", () -> resolution().without("previous")),
                of(
                        "previous in the log of another ledger",
                        () -> failed().with(
                                        "previous",
                                        Map.of("index", 1, "log", TestLog.ORIGIN.replace("00112233", "10112233")))),
                of(
                        "previous in log 0",
                        () -> failed().with(
                                        "previous",
                                        Map.of("index", 1, "log", "openexec.dev/ledger/" + Draft.LEDGER + "/0"))),
                of("previous at a negative index", () -> failed().after(-1)),
                of("previous beyond all indexes", () -> failed().after(1L << 40)),
                of(
                        "unknown member of previous",
                        () -> failed().with("previous", Map.of("index", 1, "log", TestLog.ORIGIN, "leaf", ""))),
                of("no subject", () -> intent().subjects(List.of(Map.of()))),
                of("subject that is missing", () -> Draft.of("outcome", "succeeded")),
                of("subject of a document that there is not", () -> intent().document("result", "result", "1")),
                of(
                        "subjects in another order",
                        () -> Draft.succeeded("1")
                                .subjects(List.of(Draft.subject("result", ""), Draft.subject("request", "")))),
                of(
                        "subject twice",
                        () -> intent().subjects(List.of(Draft.subject("request", ""), Draft.subject("request", "")))),
                of(
                        "unknown member of a subject",
                        () -> intent().subjects(List.of(Map.of("name", "request", "digest", sha256(""), "uri", "")))),
                of(
                        "two digests of a subject",
                        () -> intent().subjects(List.of(Map.of(
                                "name",
                                "request",
                                "digest",
                                Map.of("sha256", "0".repeat(64), "sha512", "0".repeat(128)))))),
                of(
                        "refusal that is about another subject",
                        () -> Draft.refusal().subjects(List.of(Draft.subject("request", "")))),
                of(
                        "refusal about another ledger",
                        () -> Draft.refusal().subjects(List.of(Draft.subject("ledger", "another")))),
                of("refusal without a reason", () -> Draft.refusal().without("reason")),
                of("refusal of an execution", () -> Draft.refusal().with("execId", Draft.executionId(1))),
                of("refusal without an authority", () -> Draft.refusal().without("authority")),
                of("refusal without a tenant", () -> Draft.refusal().without("tenant")),
                of(
                        "unsigned refusal of an approval",
                        () -> Draft.refusal().with("authority", "unsigned").with("approval", Map.of("id", "a"))),
                of("control with a number for a detail", () -> Draft.control().with("details", Map.of("count", 1))),
                of("control in capitals", () -> Draft.control().with("status", "PRUNED")),
                of("control of a tenant", () -> Draft.control().with("tenant", Draft.TENANT)),
                of("receipt of 64 KiB", () -> Draft.control().with("details", Map.of("a", "a".repeat(65536)))));
    }

    @ParameterizedTest
    @MethodSource
    void malformed(Case bent) {
        assertMalformed(bent.draft().get().receipt());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "null", "{}", "\"\"", "{\"_type\":"})
    void other_texts_are_malformed(String text) {
        assertMalformed(text);
    }

    @Test
    void a_receipt_has_one_form() {
        String receipt = intent().receipt();

        assertMalformed(receipt + "\n");
        assertMalformed(" " + receipt);
        assertMalformed("\ufeff" + receipt);
        assertMalformed(receipt.replace("\"transfer\"", "\"\\u0074ransfer\""));
        assertMalformed(receipt.replace("\"attempt\":1", "\"attempt\":1e0"));
        assertMalformed(receipt.replace("\"attempt\":1", "\"attempt\":1,\"attempt\":1"));
        assertMalformed(receipt.replace(",\"attempt\":1", "").replace("\"phase\"", "\"attempt\":1,\"phase\""));
    }

    @Test
    void its_members_are_read() throws Exception {
        LoggedReceipt receipt =
                LoggedReceipt.parse(Draft.succeeded("1").signed().after(5).receipt());

        assertThat(receipt.phase()).isEqualTo(Phase.OUTCOME);
        assertThat(receipt.status()).isEqualTo("succeeded");
        assertThat(receipt.at()).isEqualTo(Instant.parse("2026-01-02T03:04:05.7Z"));
        assertThat(receipt.subjects().keySet()).containsExactly("request", "approval", "result");
        assertThat(receipt.step())
                .contains(new Step(
                        UUID.fromString(Draft.executionId(1)),
                        "transfer",
                        "PURE",
                        Draft.TENANT,
                        Optional.of(Draft.approvalId(1)),
                        1,
                        Instant.parse("2026-01-02T03:04:05.678Z"),
                        Optional.of(new Position(1, 5))));
    }

    private static Draft put(Draft draft, String member, Object value) {
        draft.statement.put(member, value);
        return draft;
    }

    private static Map<String, String> sha256(String text) {
        return Map.of("sha256", Digest.ofUtf8(text).hex());
    }

    private static void assertMalformed(String text) {
        assertThatThrownBy(() -> LoggedReceipt.parse(text))
                .isInstanceOfSatisfying(
                        InvalidEvidence.class, e -> assertThat(e.why()).isEqualTo(Why.RECEIPT_MALFORMED));
    }
}
