package consumer;

import dev.openexec.Execution;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.RefusedException;
import dev.openexec.approval.ApprovalKey;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.store.jdbc.SqliteStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Asks twice for the same greeting. Arguments: the ledger, the approver's public key and, if there is one, an approval. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        List<ApprovalKey> approvers = ApprovalKey.fromPem(Files.readString(Path.of(arguments[1])));
        ExecutionRequest request = ExecutionRequest.of("greet", Json.of(Map.of("name", "Ada")), "greeting 1");
        if (arguments.length > 2) {
            request = request.withApproval(Files.readString(Path.of(arguments[2])));
        }
        try (Executor executor = Executor.with(
                        SqliteStore.at(Path.of(arguments[0])), ApprovalPolicy.signedBy("acme", approvers))
                .action(new Greet())
                .build()) {
            for (int i = 0; i < 2; i++) {
                Execution execution = executor.execute(request);
                System.out.println((execution.replayed() ? "replayed " : "executed ") + execution.result().canonical());
            }
        } catch (RefusedException e) {
            System.out.println("refused " + e.reason().problem());
        }
    }
}
