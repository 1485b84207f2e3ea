package dev.openexec.examples.journal;

import dev.openexec.Execution;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.examples.AppendLine;
import dev.openexec.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Appends a line to a file once for each nonce, with the ledger in a {@link JournalStore}. Run it twice, or with another
 * line under the same nonce:
 *
 * <pre>{@code
 * openexec-examples/run journal.JournalExample journal nonce-1 "invoice 17"
 * }</pre>
 */
final class JournalExample {

    private JournalExample() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 3) {
            System.err.println("usage: journal.JournalExample FOLDER NONCE LINE");
            System.exit(2);
        }
        System.out.println(append(Files.createDirectories(Path.of(arguments[0])), arguments[1], arguments[2]));
    }

    static String append(Path folder, String nonce, String line) throws Exception {
        JournalStore store = new JournalStore(folder.resolve("ledger.journal"));
        try (Executor executor = Executor.with(store, ApprovalPolicy.unsignedDemo())
                .action(new AppendLine(folder.resolve("book")))
                .build()) {
            Execution execution =
                    executor.execute(ExecutionRequest.of("append-line", Json.of(Map.of("line", line)), nonce));
            return (execution.replayed() ? "done before: " : "done: ")
                    + execution.result().canonical();
        }
    }
}
