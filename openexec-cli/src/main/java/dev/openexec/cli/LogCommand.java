package dev.openexec.cli;

import dev.openexec.evidence.Audit;
import dev.openexec.evidence.Audit.Report;
import dev.openexec.evidence.Audit.Result;
import dev.openexec.store.jdbc.LedgerView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code openexec log}. */
@Command(name = "log", description = "Shows and exports the log of receipts, and verifies an export.")
final class LogCommand {

    private final Console console;

    LogCommand(Console console) {
        this.console = console;
    }

    @Command(name = "key", description = "Prints the log's verifier key, which is all it takes to trust the log.")
    int key(@Mixin Common common) throws Refusal {
        try (LedgerView view = common.view()) {
            String key = view.log(log -> log.head(log.current()).key());
            console.out().println(key);
        }
        return 0;
    }

    @Command(
            name = "checkpoint",
            description =
                    "Prints how far the log is, signed. Kept elsewhere, it shows later that nothing before it was changed.")
    int checkpoint(@Mixin Common common) throws Refusal {
        try (LedgerView view = common.view()) {
            String checkpoint = view.log(log -> log.head(log.current()).checkpoint());
            console.out().print(checkpoint);
        }
        return 0;
    }

    @Command(
            name = "export",
            description = {
                "Writes the log into a folder, in the layout of C2SP tlog-tiles. It holds no payload, no result and no nonce.",
                "A folder that has an earlier export of the same log is brought up to date."
            })
    int export(
            @Mixin Common common,
            @Option(
                            names = "--log",
                            paramLabel = "N",
                            description =
                                    "Which of the ledger's logs; the last by default. There are several if restored copies"
                                            + " were accepted.")
                    @Nullable Long log,
            @Parameters(paramLabel = "FOLDER", description = "Is made if it is not there.") Path folder)
            throws Refusal {
        try (LedgerView view = common.view()) {
            long receipts = new LogExport(view, log, folder).write();
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("receipts", receipts);
            common.printer(console).document(members);
        } catch (IOException e) {
            throw new Refusal(Tool.UNAVAILABLE, "export-unwritable", "The export cannot be written: " + e.getMessage());
        }
        return 0;
    }

    @Command(
            name = "verify",
            description = {
                "Examines an export as a whole, without any ledger and any network: that it is the log that its checkpoint is of,",
                "that every execution in it begins and ends once, and that no approval was spent twice.",
                "Exit status 1 if anything is wrong."
            })
    int verify(
            @Mixin Trust trust,
            @Option(
                            names = "--since",
                            paramLabel = "FILE",
                            description =
                                    "A checkpoint of this log that you kept: what was before it must not have changed.")
                    @Nullable Path since,
            @Option(names = "--json", description = "Answer in JSON.") boolean json,
            @Parameters(paramLabel = "FOLDER", description = "What 'log export' wrote.") Path folder)
            throws Refusal {
        Audit audit = Audit.of(trust.policy());
        if (since != null) {
            audit = audit.since(Trust.read(since));
        }
        Report report = LogExport.read(folder, audit);
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("verdict", report.result().name());
        members.put("receipts", report.receipts());
        members.put("executions", report.executions());
        report.standing().ifPresent(standing -> members.put("standing", standing.toString()));
        Printer printer = new Printer(console.out(), json);
        printer.document(members);
        report.open()
                .forEach(open -> console.tell("open: execution " + open.executionId() + ", receipt " + open.index()));
        report.findings().forEach(finding -> console.tell("finding: receipt " + finding));
        return report.result() == Result.FLAWED ? Tool.FINDING : 0;
    }
}
