package dev.openexec.cli;

import dev.openexec.Execution.Audit;
import dev.openexec.Execution.Audit.Finding;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.jdbc.LedgerView;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code openexec audit}: evaluates PURE executions again, and compares. */
@Command(
        name = "audit",
        description = {
            "Evaluates recorded executions of PURE actions again and compares the results, byte for byte.",
            "The actions are found on the class path: java -cp openexec-cli.jar:plugin.jar dev.openexec.cli.Main audit ...",
            "Only those are run whose code is, by its digest, the code that was recorded. The ledger is not changed."
        })
final class AuditCommand implements Callable<Integer> {

    private static final int PAGE = 50; // a row may have more than 1 MiB

    private final Console console;
    private final Map<Finding, Long> counts = new EnumMap<>(Finding.class);

    @Mixin
    private final Common common = new Common();

    @Option(
            names = "--actions",
            required = true,
            split = ",",
            paramLabel = "NAME",
            description = "The installed actions to load.")
    private Set<String> installed = Set.of();

    @Option(
            names = "--action",
            split = ",",
            paramLabel = "NAME",
            description = "Only executions of these, out of --actions.")
    private @Nullable Set<String> wanted;

    @Option(
            names = "--run-actions",
            description = "Run the actions. Without it nothing runs, and what could be compared is counted.")
    private boolean runActions;

    AuditCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Refusal {
        if (wanted != null && !installed.containsAll(wanted)) {
            throw new Refusal(Tool.USAGE, "invalid-argument", "--action names what --actions does not load");
        }
        Printer printer = common.printer(console);
        try (LedgerView view = common.view()) {
            Audit audit = audit(view.status().ledgerId());
            List<StoredExecution> page = view.executions(null, PAGE);
            while (!page.isEmpty()) {
                for (StoredExecution row : page) {
                    if (wanted == null || wanted.contains(row.claim().action())) {
                        look(audit, row, printer);
                    }
                }
                page = view.executions(page.get(page.size() - 1).claim().executionId(), PAGE);
            }
        }
        Map<String, Object> summary = new LinkedHashMap<>();
        counts.forEach((finding, count) -> summary.put(word(finding), count));
        printer.document(Map.of("findings", summary));
        if (counts.containsKey(Finding.DIFFERENT)) {
            return Tool.FINDING;
        }
        if (!counts.containsKey(runActions ? Finding.SAME : Finding.COMPARABLE)) {
            throw new Refusal(Tool.DATA, "nothing-compared", "No execution could be evaluated again");
        }
        return 0;
    }

    private Audit audit(String ledgerId) throws Refusal {
        try {
            return Audit.ofInstalled(ledgerId, installed);
        } catch (IllegalArgumentException e) {
            throw new Refusal(Tool.CONFIGURATION, "invalid-actions", String.valueOf(e.getMessage()));
        }
    }

    private void look(Audit audit, StoredExecution row, Printer printer) {
        Finding finding = audit.look(row);
        if (runActions && finding == Finding.COMPARABLE) {
            console.tell("running " + Printable.of(row.claim().action()) + " for execution "
                    + row.claim().executionId());
            finding = audit.run(row);
        }
        counts.merge(finding, 1L, Long::sum);
        if (finding == Finding.DIFFERENT) {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("finding", word(finding));
            members.putAll(Described.members(row));
            printer.line(members, "finding", "execution_id", "action", "nonce");
        }
    }

    private static String word(Finding finding) {
        return finding.name().toLowerCase(Locale.ROOT);
    }
}
