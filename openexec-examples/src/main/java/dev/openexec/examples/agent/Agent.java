package dev.openexec.examples.agent;

import dev.openexec.Executor;
import dev.openexec.approval.ApprovalKey;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.examples.AppendLine;
import dev.openexec.store.jdbc.SqliteStore;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One turn of an agent that has one tool. What the model says is fixed here; the rest is real. In the folder of the
 * repository, after the first command of README.md and with the key pair of its section on approvals:
 *
 * <pre>{@code
 * openexec-examples/run agent.Agent agent approver.pem
 * }</pre>
 *
 * <p>The first call waits for an approval, and a command that gives it is shown. The other two are refused without anybody
 * being asked. Approve, and run it again: the line is appended to the file {@code agent/book}. Run it once more: same
 * answers, no second line.
 */
final class Agent {

    private static final String TENANT = "acme";

    private static final List<ToolCall> TURN = List.of(
            new ToolCall("call_1", "append-line", "{\"line\": \"invoice 17\"}"),
            new ToolCall("call_2", "append-line", "{\"line\": 17}"),
            new ToolCall("call_3", "delete-book", "{\"sure\": tru"));

    private Agent() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: agent.Agent FOLDER APPROVER.pem");
            System.exit(2);
        }
        run(Path.of(arguments[0]), Files.readString(Path.of(arguments[1])), System.out);
    }

    static void run(Path folder, String approverPem, PrintStream out) throws IOException {
        Path approvals = folder.resolve("approvals");
        Files.createDirectories(approvals);
        try (Executor executor = open(folder, approverPem)) {
            ToolCalls calls = new ToolCalls(executor, new ApprovalFolder(approvals, TENANT, out), "conversation-1");
            int position = 0;
            for (ToolResult result : calls.answer(TURN)) {
                out.println("call " + ++position + " " + result.text()); // its id is whatever the model wrote
            }
        }
    }

    private static Executor open(Path folder, String approverPem) {
        return Executor.with(
                        SqliteStore.at(folder.resolve("agent.db")),
                        ApprovalPolicy.signedBy(TENANT, ApprovalKey.fromPem(approverPem)))
                .action(new AppendLine(folder.resolve("book")))
                .build();
    }
}
