package dev.openexec.examples;

import dev.openexec.ExecutionFailedException;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.InDoubtException;
import dev.openexec.RefusedException;
import dev.openexec.approval.ApprovalKey;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.store.jdbc.SqliteStore;
import java.nio.file.Path;
import java.util.Map;

/** The executor inside another program. */
final class Quickstart {

    private Quickstart() {}

    /** One executor for the life of the program; closing it closes its ledger. */
    static Executor open(Path ledger, String approverPem, Path file) {
        return Executor.with(SqliteStore.at(ledger), ApprovalPolicy.signedBy("acme", ApprovalKey.fromPem(approverPem)))
                .action(new AppendLine(file))
                .build();
    }

    /** Every request that the ledger could take ends in one of four ways. */
    static String bookInvoice(Executor executor, String approval) {
        Json payload = Json.of(Map.of("line", "invoice 17"));
        ExecutionRequest request =
                ExecutionRequest.of("append-line", payload, "book-17").withApproval(approval);
        try {
            return "done: " + executor.execute(request).result().canonical();
        } catch (RefusedException e) {
            return "refused, nothing ran: " + e.reason().problem();
        } catch (ExecutionFailedException e) {
            return "failed, it did not happen: " + e.code();
        } catch (InDoubtException e) {
            return "not known: " + e.doubt().problem();
        }
    }
}
