package dev.openexec.cli;

import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.evidence.Evidence;
import dev.openexec.evidence.Verdict;
import dev.openexec.evidence.Verifier;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.jdbc.LedgerView;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code openexec receipt}. */
@Command(name = "receipt", description = "Hands out the evidence of an execution, and verifies it.")
final class ReceiptCommand {

    private final Console console;

    ReceiptCommand(Console console) {
        this.console = console;
    }

    @Command(
            name = "get",
            description = {
                "Prints what a stranger can check of an execution: its receipt, the proof that it is in the log, and its documents.",
                "The documents hold payload, result and approval: they may be private."
            })
    int get(@Mixin Common common, @Parameters(paramLabel = "ID", description = "The execution.") UUID id)
            throws Refusal {
        try (LedgerView view = common.view()) {
            StoredExecution row = ExecutionsCommand.known(view, id);
            Optional<Evidence> evidence = view.log(log -> log.evidence(row));
            console.out()
                    .print(evidence.orElseThrow(() -> new Refusal(
                                    Tool.DATA,
                                    "receipt-missing",
                                    "It has no receipt, as what was imported has none; or no checkpoint covers it, and the"
                                            + " log's key is not here"))
                            .json());
        }
        return 0;
    }

    @Command(
            name = "verify",
            description = {
                "Says what evidence shows, with the keys that you trust, without any ledger and any network.",
                "Exit status 1 if it shows nothing."
            })
    int verify(
            @Mixin Trust trust,
            @Mixin Approvers approvers,
            @Option(names = "--json", description = "Answer in JSON.") boolean json,
            @Parameters(paramLabel = "FILE", description = "What 'receipt get' printed.") Path file)
            throws Refusal {
        Optional<ApprovalPolicy> approved = approvers.policy();
        Verifier logged = Verifier.of(trust.policy());
        Verdict verdict = approved.map(logged::approvedBy).orElse(logged).verify(Trust.read(file));
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("verdict", verdict.toString());
        new Printer(console.out(), json).document(members);
        return verdict instanceof Verdict.Invalid ? Tool.FINDING : 0;
    }
}
