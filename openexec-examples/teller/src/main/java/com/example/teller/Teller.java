package com.example.teller;

import dev.openexec.Execution;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Digest;
import dev.openexec.json.Json;
import dev.openexec.store.jdbc.SqliteStore;
import java.nio.file.Path;
import java.util.List;

/**
 * Executes one action of whatever plugin is on its class path or module path.
 *
 * <p>Arguments: the ledger's file, the action's name, the payload, the nonce.
 */
public final class Teller {

    private Teller() {}

    /** Prints the digest of the action's code, and the result. */
    public static void main(String[] arguments) throws Exception {
        Path ledger = Path.of(arguments[0]);
        String action = arguments[1];
        Json payload = Json.parse(arguments[2]);
        String nonce = arguments[3];
        try (Executor executor = Executor.with(SqliteStore.at(ledger), ApprovalPolicy.unsignedDemo())
                .discoverActions(List.of(action))
                .build()) {
            String digest = executor.actionDigest(action).map(Digest::hex).orElse("not known");
            System.out.println(action + ", SHA-256 " + digest);
            Execution execution = executor.execute(ExecutionRequest.of(action, payload, nonce));
            System.out.println(execution.result().canonical() + (execution.replayed() ? ", replayed" : ""));
        }
    }
}
