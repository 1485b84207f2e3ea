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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The executor inside another program. In the folder of the repository, after the first command of README.md and with the
 * key pair of its section on approvals:
 *
 * <pre>{@code
 * openexec-examples/run Quickstart quickstart approver.pem approval.json
 * }</pre>
 *
 * <p>The first time it says how to make the approval, because a new ledger takes none that is older than itself.
 */
final class Quickstart {

    private Quickstart() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3) {
            System.err.println("usage: Quickstart FOLDER APPROVER.pem APPROVAL.json");
            System.exit(2);
        }
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        Path approval = Path.of(arguments[2]);
        try (Executor executor = open(
                folder.resolve("quickstart.db"), Files.readString(Path.of(arguments[1])), folder.resolve("book"))) {
            System.out.println(
                    Files.exists(approval)
                            ? bookInvoice(executor, Files.readString(approval))
                            : "Approve it: openexec-examples/approve.sh approver.key acme append-line '{\"line\":\"invoice 17\"}' > "
                                    + approval);
        }
    }

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
