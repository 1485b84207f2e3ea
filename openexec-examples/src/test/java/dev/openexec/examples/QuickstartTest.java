package dev.openexec.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.Executor;
import dev.openexec.json.Json;
import dev.openexec.testkit.TestApprovals;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QuickstartTest {

    private static final String DONE = "done: {\"appended\":\"invoice 17\"}";

    private final TestApprovals approver = TestApprovals.forTenant("acme");

    @TempDir
    Path folder;

    @Test
    void an_approved_line_is_appended_once_however_often_it_is_asked_for() {
        Path file = folder.resolve("book");
        try (Executor executor = open(file)) {
            String approval = approvalOf("invoice 17");
            assertThat(Quickstart.bookInvoice(executor, approval)).isEqualTo(DONE);
            assertThat(Quickstart.bookInvoice(executor, approval)).isEqualTo(DONE);
        }
        assertThat(file).hasContent("invoice 17\n");
    }

    @Test
    void a_restarted_program_answers_from_the_ledger() {
        Path file = folder.resolve("book");
        open(file).close(); // a ledger takes no approval that is older than itself
        String approval = approvalOf("invoice 17");
        for (int start = 0; start < 2; start++) {
            try (Executor executor = open(file)) {
                assertThat(Quickstart.bookInvoice(executor, approval)).isEqualTo(DONE);
            }
        }
        assertThat(file).hasContent("invoice 17\n");
    }

    @Test
    void a_line_that_was_not_approved_is_refused() {
        Path file = folder.resolve("book");
        try (Executor executor = open(file)) {
            assertThat(Quickstart.bookInvoice(executor, approvalOf("invoice 18")))
                    .isEqualTo("refused, nothing ran: approval-hash-mismatch");
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void a_write_that_broke_off_is_reported_as_not_known() {
        try (Executor executor = open(folder)) { // no line can be appended to a folder
            assertThat(Quickstart.bookInvoice(executor, approvalOf("invoice 17")))
                    .isEqualTo("not known: outcome-indeterminate");
        }
    }

    private Executor open(Path file) {
        return Quickstart.open(folder.resolve("openexec.db"), approver.publicKeyPem(), file);
    }

    private String approvalOf(String line) {
        return approver.approve("append-line", Json.of(Map.of("line", line)), Instant.now());
    }
}
