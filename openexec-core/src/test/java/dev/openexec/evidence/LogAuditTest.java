package dev.openexec.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.evidence.Audit.Fault;
import dev.openexec.evidence.Audit.Finding;
import dev.openexec.evidence.Audit.Open;
import dev.openexec.evidence.Audit.Report;
import dev.openexec.evidence.Audit.Result;
import dev.openexec.evidence.Verdict.Logged;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogAuditTest {

    private final TestLog log = new TestLog();
    private final Audit audit = Audit.of(TestLog.policy(log.key.verifierKey()));

    /** 0: the log is opened. 1 to 5: one execution of each kind, the last with a retry. */
    @BeforeEach
    void executions() {
        log.add(Draft.control());
        long intent = log.add(intent(1, "AT_MOST_ONCE", 1));
        log.add(Draft.succeeded("1").of(2));
        log.add(success(1, "AT_MOST_ONCE", 1).after(intent));
        long first = log.add(intent(3, "IDEMPOTENT", 1));
        long second = log.add(intent(3, "IDEMPOTENT", 2).after(first));
        log.add(success(3, "IDEMPOTENT", 2).after(second));
    }

    @Test
    void a_log_without_a_fault_is_complete() {
        Report report = run();

        assertThat(report).isEqualTo(new Report(7, 3, 0, Optional.of(new Logged()), List.of(), List.of()));
        assertThat(report.result()).isEqualTo(Result.COMPLETE);
    }

    @Test
    void a_log_without_receipts_is_complete() {
        TestLog empty = new TestLog();

        assertThat(audit.run(Collections.emptyIterator(), empty.checkpoint()).result())
                .isEqualTo(Result.COMPLETE);
    }

    @Test
    void doubt_ends_an_execution_and_so_does_what_settles_it() {
        long intent = log.add(intent(4, "AT_MOST_ONCE", 1));
        long doubt = log.add(doubt(4).after(intent));
        assertThat(run().result()).isEqualTo(Result.COMPLETE);

        log.add(success(4, "AT_MOST_ONCE", 1).after(doubt));
        long other = log.add(doubt(5).after(log.add(intent(5, "AT_MOST_ONCE", 1))));
        log.add(resolution(5).after(other));
        assertThat(run().result()).isEqualTo(Result.COMPLETE);
    }

    @Test
    void an_intent_that_nothing_follows_is_open() {
        log.add(intent(4, "AT_MOST_ONCE", 1));
        long first = log.add(intent(5, "IDEMPOTENT", 1));
        log.add(intent(5, "IDEMPOTENT", 2).after(first));

        assertThat(run().result()).isEqualTo(Result.OPEN);
        assertThat(run().open())
                .containsExactly(
                        new Open(UUID.fromString(Draft.executionId(4)), 7),
                        new Open(UUID.fromString(Draft.executionId(5)), 9));
    }

    @Test
    void every_receipt_that_is_changed_is_found() {
        for (int i = 0; i < log.receipts.size(); i++) {
            List<String> changed = new ArrayList<>(log.receipts);
            changed.set(i, changed.get(i).replace("05.700Z", "05.701Z"));
            assertFindings(run(changed), new Finding(7, Fault.CHANGED));
        }
    }

    @Test
    void what_is_wrong_with_the_log_is_told_from_what_is_wrong_with_a_receipt() {
        List<String> changed = new ArrayList<>(log.receipts);
        changed.set(5, "");

        assertThat(run(changed).findings())
                .extracting(Finding::toString)
                .contains("receipt 5 receipt-malformed", "log changed");
        assertThat(audit.since("")
                        .run(List.<String>of().iterator(), log.checkpoint())
                        .findings())
                .extracting(Finding::toString)
                .containsExactly("log older-untrusted", "log truncated");
        assertThat(audit.run(List.<String>of().iterator(), "").findings())
                .extracting(Finding::toString)
                .containsExactly("log checkpoint-untrusted");
        assertThat(new Finding(3, Fault.FORKED)).hasToString("log forked");
        assertThat(new Finding(8, Fault.UNCOVERED)).hasToString("log uncovered");
    }

    @Test
    void every_receipt_that_is_deleted_is_found() {
        for (int i = 0; i < log.receipts.size(); i++) {
            List<String> shorter = new ArrayList<>(log.receipts);
            shorter.remove(i);
            assertThat(run(shorter).findings()).contains(new Finding(6, Fault.TRUNCATED));
        }
    }

    @Test
    void every_receipt_that_is_added_is_found() {
        for (int i = 0; i <= log.receipts.size(); i++) {
            List<String> longer = new ArrayList<>(log.receipts);
            longer.add(i, Draft.control().with("status", "added").receipt());
            assertThat(run(longer).findings()).contains(new Finding(8, Fault.UNCOVERED));
        }
    }

    @Test
    void every_two_receipts_that_change_places_are_found() {
        for (int i = 0; i < log.receipts.size(); i++) {
            for (int j = 0; j < i; j++) {
                List<String> reordered = new ArrayList<>(log.receipts);
                Collections.swap(reordered, i, j);
                assertThat(run(reordered).findings()).contains(new Finding(7, Fault.CHANGED));
            }
        }
    }

    @Test
    void a_log_that_goes_on_from_a_checkpoint_that_was_kept_is_the_same() {
        for (int size = 0; size <= log.receipts.size(); size++) {
            assertThat(audit.since(log.checkpoint(size))
                            .run(log.receipts.iterator(), log.checkpoint())
                            .result())
                    .isEqualTo(Result.COMPLETE);
        }
    }

    @Test
    void a_log_that_does_not_is_forked() {
        TestLog other = new TestLog();
        other.add(Draft.control().with("status", "other"));
        other.receipts.addAll(log.receipts.subList(1, 7));
        for (int size = 1; size <= 7; size++) {
            Report report = audit.since(other.checkpoint(size)).run(log.receipts.iterator(), log.checkpoint());
            assertFindings(report, new Finding(size, Fault.FORKED));
        }
        assertFindings(
                audit.since(log.checkpoint()).run(log.receipts.subList(0, 4).iterator(), log.checkpoint(4)),
                new Finding(4, Fault.FORKED));
    }

    @Test
    void checkpoints_are_the_logs_own() {
        LogKey other = new LogKey(TestLog.ORIGIN, Ed25519SigningKey.generate());
        String forged = other.checkpoint(7, log.root());

        assertFindings(audit.run(log.receipts.iterator(), forged), new Finding(0, Fault.CHECKPOINT_UNTRUSTED));
        assertFindings(audit.run(log.receipts.iterator(), ""), new Finding(0, Fault.CHECKPOINT_UNTRUSTED));
        assertFindings(
                audit.since(forged).run(log.receipts.iterator(), log.checkpoint()),
                new Finding(0, Fault.OLDER_UNTRUSTED));
    }

    @Test
    void what_is_no_receipt_is_found() {
        log.receipts.add("{}");

        assertFindings(run(), new Finding(7, Fault.RECEIPT_MALFORMED));
    }

    @Test
    void a_receipt_of_another_ledger_is_found() {
        log.add(Draft.succeeded("1")
                .of(4)
                .with("executor", Map.of("id", "f".repeat(32), "version", "1.0", "boot", Draft.SALT)));

        assertFindings(run(), new Finding(7, Fault.LEDGER_FOREIGN));
    }

    @Test
    void times_do_not_decrease_by_more_than_a_minute() {
        log.add(Draft.control().with("at", "2026-01-02T03:03:05.700Z"));
        log.add(Draft.control().with("at", "2026-01-02T03:03:05.699Z"));

        assertFindings(run(), new Finding(8, Fault.TIME_DECREASED));
    }

    @Test
    void an_ending_that_was_written_late_is_none_of_these() {
        long intent = log.add(intent(4, "AT_MOST_ONCE", 1));
        log.add(Draft.control().with("at", "2026-01-02T03:20:05.700Z"));
        log.add(success(4, "AT_MOST_ONCE", 1).after(intent));

        assertThat(run().result()).isEqualTo(Result.COMPLETE);
    }

    @Test
    void a_second_ending_is_found() {
        log.add(success(1, "AT_MOST_ONCE", 1).after(1));
        log.add(Draft.of("outcome", "failed")
                .with("code", "c")
                .of(3)
                .with("kind", "IDEMPOTENT")
                .after(6));

        assertFindings(run(), new Finding(7, Fault.ENDED_TWICE), new Finding(8, Fault.ENDED_TWICE));
    }

    @Test
    void a_second_word_on_a_settled_doubt_is_found() {
        long intent = log.add(intent(4, "AT_MOST_ONCE", 1));
        long doubt = log.add(doubt(4).after(intent));
        log.add(success(4, "AT_MOST_ONCE", 1).after(intent)); // as if there had been no doubt
        log.add(success(4, "AT_MOST_ONCE", 1).after(doubt));
        log.add(resolution(4).after(doubt));

        assertFindings(run(), new Finding(9, Fault.ENDED_TWICE), new Finding(11, Fault.ENDED_TWICE));
    }

    @Test
    void a_second_beginning_is_found() {
        log.add(intent(1, "AT_MOST_ONCE", 1));
        log.add(Draft.succeeded("1").of(2));

        assertFindings(run(), new Finding(7, Fault.EXECUTION_REPEATED), new Finding(8, Fault.EXECUTION_REPEATED));
    }

    @Test
    void only_what_may_follow_follows() {
        long once = log.add(intent(4, "AT_MOST_ONCE", 1));
        log.add(intent(4, "AT_MOST_ONCE", 2).after(once)); // 8: never entered again
        log.add(resolution(4).after(once)); // 9: of no doubt
        log.add(success(4, "AT_MOST_ONCE", 1).after(0)); // 10: the log's opening
        log.add(success(4, "AT_MOST_ONCE", 1).after(99)); // 11: nothing yet
        long again = log.add(intent(5, "IDEMPOTENT", 1)); // 12
        log.add(intent(5, "IDEMPOTENT", 3).after(again)); // 13: the second is left out
        log.add(success(5, "IDEMPOTENT", 2).after(again)); // 14: of an attempt that was not made
        log.add(success(6, "AT_MOST_ONCE", 1).after(3)); // 15: of an execution that never began
        long doubt = log.add(doubt(4).after(once)); // 16
        log.add(withdrawal(4).after(doubt)); // 17: it may have been entered

        assertThat(run().findings()).extracting(Finding::fault).hasSize(8).containsOnly(Fault.PREVIOUS_WRONG);
        assertThat(run().findings()).extracting(Finding::index).containsExactly(8L, 9L, 10L, 11L, 13L, 14L, 15L, 17L);
    }

    @Test
    void an_execution_stays_what_it_was() {
        List<Map.Entry<String, Object>> others = List.of(
                Map.entry("action", "another"),
                Map.entry("kind", "IDEMPOTENT"),
                Map.entry("tenant", "other"),
                Map.entry("claimedAt", "2026-01-02T03:04:05.679Z"));
        int number = 10;
        for (Map.Entry<String, Object> other : others) {
            long intent = log.add(intent(number, "AT_MOST_ONCE", 1));
            log.add(success(number++, "AT_MOST_ONCE", 1).after(intent).with(other.getKey(), other.getValue()));
        }
        long intent = log.add(intent(number, "AT_MOST_ONCE", 1));
        log.add(success(number, "AT_MOST_ONCE", 1)
                .after(intent)
                .document("request", "canonical", "", "nonce", "another"));

        assertFindings(
                run(),
                LongStream.of(8, 10, 12, 14, 16)
                        .mapToObj(index -> new Finding(index, Fault.EXECUTION_CHANGED))
                        .toArray(Finding[]::new));
    }

    @Test
    void an_execution_may_come_from_the_log_before() {
        TestLog restored = new TestLog(TestLog.ORIGIN.replace("/1", "/2"));
        Audit second = Audit.of(TestLog.policy(restored.key.verifierKey()));
        restored.add(success(1, "AT_MOST_ONCE", 1).after(7)); // in log 1
        assertThat(second.run(restored.receipts.iterator(), restored.checkpoint())
                        .result())
                .isEqualTo(Result.COMPLETE);

        restored.add(success(1, "AT_MOST_ONCE", 1).after(7));
        restored.add(success(2, "AT_MOST_ONCE", 1)
                .with("previous", Map.of("index", 0, "log", TestLog.ORIGIN.replace("/1", "/3"))));
        assertFindings(
                second.run(restored.receipts.iterator(), restored.checkpoint()),
                new Finding(1, Fault.EXECUTION_REPEATED),
                new Finding(2, Fault.PREVIOUS_WRONG));
    }

    @Test
    void an_approval_that_is_spent_twice_is_found() {
        log.add(Draft.succeeded("1").of(4).signed());
        log.add(Draft.succeeded("1").of(5).signed());
        log.add(Draft.succeeded("1").of(6).signed().with("tenant", "other")); // another approval of that id

        assertFindings(run(), new Finding(8, Fault.APPROVAL_REUSED));
    }

    @Test
    void an_approval_of_a_withdrawn_claim_is_unspent() {
        long intent = log.add(intent(4, "AT_MOST_ONCE", 1).signed());
        log.add(withdrawal(4).signed().after(intent));
        log.add(success(5, "PURE", 1).signed());
        assertThat(run().result()).isEqualTo(Result.COMPLETE);

        log.add(success(6, "PURE", 1).signed());
        assertFindings(run(), new Finding(10, Fault.APPROVAL_REUSED));
    }

    @Test
    void nothing_is_executed_unsigned_once_something_was_signed() {
        log.add(Draft.succeeded("1").of(4).signed());
        log.add(Draft.refusal().with("authority", "unsigned"));
        log.add(Draft.succeeded("1").of(5));

        assertFindings(run(), new Finding(9, Fault.APPROVAL_MISSING));
    }

    @Test
    void approvals_verify_again() {
        Draft draft = Draft.succeeded("1").of(4).signed();
        log.add(draft);
        Audit approved = audit.approvedBy(Draft.APPROVERS).withDocuments(documents(4, draft.documents())::get);

        Report report = approved.run(log.receipts.iterator(), log.checkpoint());

        assertThat(report.result()).isEqualTo(Result.COMPLETE);
        assertThat(report.approved()).isEqualTo(1);
    }

    @Test
    void an_approval_that_was_made_up_is_found() {
        String artifact = Draft.artifact(
                Ed25519SigningKey.generate(),
                Draft.approvalId(1),
                Draft.TENANT,
                Draft.CANONICAL,
                "2026-01-02T03:04:00",
                "2026-01-02T03:14:00");
        Draft draft = intent(4, "AT_MOST_ONCE", 1).signed(artifact);
        long intent = log.add(draft);
        log.add(success(4, "AT_MOST_ONCE", 1).signed(artifact).after(intent));
        Audit approved = audit.approvedBy(Draft.APPROVERS).withDocuments(documents(4, draft.documents())::get);

        Report report = approved.run(log.receipts.iterator(), log.checkpoint());

        assertFindings(report, new Finding(7, Fault.APPROVAL_INVALID));
        assertThat(report.approved()).isZero();
    }

    @Test
    void a_document_that_is_another_is_found() {
        Draft draft = Draft.succeeded("1").of(4);
        log.add(draft);
        Map<String, String> documents = new HashMap<>(draft.documents());
        documents.put("result", documents.get("request"));

        Report report =
                audit.withDocuments(documents(4, documents)::get).run(log.receipts.iterator(), log.checkpoint());

        assertFindings(report, new Finding(7, Fault.DOCUMENT_INVALID));
    }

    @Test
    void a_report_names_no_more_than_a_thousand_receipts_and_always_what_is_wrong_with_the_log() {
        Iterator<String> nothings = Collections.nCopies(5000, "{}").iterator();

        List<Finding> findings =
                audit.since(log.checkpoint(5)).run(nothings, log.checkpoint()).findings();
        assertThat(findings)
                .hasSize(Audit.MAX_FINDINGS + 1)
                .startsWith(new Finding(0, Fault.RECEIPT_MALFORMED))
                .contains(new Finding(5, Fault.FORKED))
                .endsWith(new Finding(5000, Fault.UNCOVERED));
    }

    @Test
    void a_finding_reads_as_a_line() {
        assertThat(new Finding(3, Fault.APPROVAL_REUSED)).hasToString("receipt 3 approval-reused");
    }

    private static Map<UUID, Map<String, String>> documents(int execution, Map<String, String> documents) {
        Map<UUID, Map<String, String>> all = new HashMap<>();
        for (int i = 1; i < 10; i++) {
            all.put(UUID.fromString(Draft.executionId(i)), i == execution ? documents : Map.of());
        }
        return all;
    }

    private static Draft intent(int execution, String kind, int attempt) {
        return Draft.of("intent", "authorized").of(execution).with("kind", kind).with("attempt", attempt);
    }

    private static Draft success(int execution, String kind, int attempt) {
        return Draft.succeeded("1").of(execution).with("kind", kind).with("attempt", attempt);
    }

    private static Draft doubt(int execution) {
        return Draft.of("outcome", "indeterminate")
                .of(execution)
                .with("kind", "AT_MOST_ONCE")
                .with("code", "owner-died");
    }

    private static Draft withdrawal(int execution) {
        return Draft.of("outcome", "withdrawn").of(execution).with("kind", "AT_MOST_ONCE");
    }

    private static Draft resolution(int execution) {
        return Draft.of("resolution", "failed")
                .of(execution)
                .with("kind", "AT_MOST_ONCE")
                .with("code", "c")
                .document("resolution", "actor", "a", "evidence", "e");
    }

    private Report run() {
        return run(log.receipts);
    }

    private Report run(List<String> receipts) {
        return audit.run(receipts.iterator(), log.checkpoint());
    }

    private static void assertFindings(Report report, Finding... findings) {
        assertThat(report.findings()).containsExactly(findings);
        assertThat(report.result()).isEqualTo(Result.FLAWED);
    }
}
