package dev.openexec.cli;

import dev.openexec.cli.Common.OpenLedger;
import dev.openexec.evidence.Audit;
import dev.openexec.evidence.Audit.Report;
import dev.openexec.evidence.Audit.Result;
import dev.openexec.evidence.Policy;
import dev.openexec.evidence.Policy.Accepted;
import dev.openexec.store.Write;
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
    int checkpoint(@Mixin Common common, @Mixin Extent extent) throws Refusal {
        try (LedgerView view = common.view()) {
            long log = view.log(logs -> logs.current());
            console.out().print(extent.of(view, log).checkpoint());
        }
        return 0;
    }

    @Command(
            name = "export",
            description = {
                "Writes the log into a folder, in the layout of C2SP tlog-tiles. It holds no payload, no result and no nonce.",
                "A folder that has an earlier export of the same log is brought up to date; any other has to be empty."
            })
    int export(
            @Mixin Common common,
            @Mixin Extent extent,
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
            long receipts = new LogExport(view, log, extent, folder).write();
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("receipts", receipts);
            common.printer(console).document(members);
        } catch (IOException e) {
            throw new Refusal(Tool.UNAVAILABLE, "export-unwritable", "The export cannot be written: " + e.getMessage());
        }
        return 0;
    }

    @Command(
            name = "cosign",
            description = {
                "Carries the latest checkpoint to the witnesses of a policy, and keeps what comes back if that is enough for it.",
                "From then on evidence up to there is handed out with their cosignatures. Exit status 1 if a witness has seen",
                "another history of this log."
            })
    int cosign(
            @Mixin Common common,
            @Option(
                            names = "--policy",
                            paramLabel = "FILE",
                            required = true,
                            description =
                                    "A policy file (C2SP tlog-policy) that has this log, and the URLs of its witnesses.")
                    String file)
            throws Refusal {
        Policy policy = Trust.policy(file);
        Accepted accepted;
        boolean contradicted;
        try (LedgerView view = common.view()) {
            Cosigning cosigning = new Cosigning(console, view);
            String checkpoint = cosigning.carry(policy);
            contradicted = cosigning.contradicted();
            accepted = policy.accept(checkpoint)
                    .orElseThrow(() -> new Refusal(
                            cosigning.contradicted() ? Tool.FINDING : Tool.UNAVAILABLE,
                            "witnesses-missing",
                            "What the witnesses signed is not enough for the policy: nothing is kept"));
            keep(common, new Write.Cosigned(cosigning.log(), checkpoint));
        }
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("receipts", accepted.checkpoint().size());
        members.put("cosigned", accepted.cosigned().size());
        members.put("witnesses", accepted.witnesses());
        common.printer(console).document(members);
        return contradicted ? Tool.FINDING : 0;
    }

    private void keep(Common common, Write write) throws Refusal {
        try (OpenLedger ledger = common.open(console)) {
            Stages.join(ledger.store().write(write));
        }
    }

    @Command(
            name = "verify",
            description = {
                "Examines an export as a whole, without any ledger and any network.",
                "It has to be the log that its checkpoint is of, every execution in it begins and ends once, and no approval is",
                "spent twice.",
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
        report.findings().forEach(finding -> console.tell("finding: " + finding));
        return report.result() == Result.FLAWED ? Tool.FINDING : 0;
    }
}
