package dev.openexec.cli;

import dev.openexec.store.StoredExecution;
import dev.openexec.store.jdbc.LedgerView;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code openexec executions}. */
@Command(name = "executions", description = "Shows what is in the ledger; changes nothing.")
final class ExecutionsCommand {

    private static final int PAGE = 50; // a row may have more than 1 MiB

    private final Console console;

    ExecutionsCommand(Console console) {
        this.console = console;
    }

    /** The states of a row. */
    enum State {
        RUNNING,
        INDETERMINATE,
        SUCCEEDED,
        FAILED
    }

    @Command(name = "list", description = "Lists executions, about in the order of their claims.")
    int list(
            @Mixin Common common,
            @Option(
                            names = "--state",
                            split = ",",
                            paramLabel = "STATE",
                            description = "Only in these states: ${COMPLETION-CANDIDATES}.")
                    @Nullable Set<State> states,
            @Option(names = "--action", split = ",", paramLabel = "NAME", description = "Only of these actions.")
                    @Nullable Set<String> actions,
            @Option(names = "--after", paramLabel = "ID", description = "Begin after this execution.") @Nullable UUID after,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "100",
                            description = "At most so many. Default: ${DEFAULT-VALUE}.")
                    int limit)
            throws Refusal {
        if (limit < 1) {
            throw new Refusal(Tool.USAGE, "invalid-argument", "--limit is 1 or more");
        }
        Printer printer = common.printer(console);
        Set<String> wanted = new LinkedHashSet<>();
        if (states != null) {
            states.forEach(state -> wanted.add(state.name()));
        }
        int left = limit;
        try (LedgerView view = common.view()) {
            List<StoredExecution> page = view.executions(after, PAGE);
            while (!page.isEmpty() && left > 0) {
                for (StoredExecution row : page) {
                    boolean shown = (wanted.isEmpty() || wanted.contains(Described.state(row)))
                            && (actions == null || actions.contains(row.claim().action()));
                    if (shown && left-- > 0) {
                        printer.line(
                                Described.members(row),
                                "execution_id",
                                "state",
                                "claimed_at",
                                "action",
                                "nonce",
                                "code");
                    }
                }
                page = view.executions(page.get(page.size() - 1).claim().executionId(), PAGE);
            }
        }
        return 0;
    }

    @Command(name = "show", description = "Shows one execution, without its payload and its result.")
    int show(
            @Mixin Common common,
            @Parameters(paramLabel = "ID", description = "The execution.") UUID id,
            @Option(
                            names = "--content",
                            description =
                                    "Show payload and result too: they may be private. Without --json they are cut.")
                    boolean content)
            throws Refusal {
        try (LedgerView view = common.view()) {
            StoredExecution row = known(view, id);
            Printer printer = common.printer(console);
            if (content) {
                printer.document(Described.members(row), Described.contents(row));
            } else {
                printer.document(Described.members(row));
            }
        }
        return 0;
    }

    static StoredExecution known(LedgerView view, UUID id) throws Refusal {
        return view.execution(id)
                .orElseThrow(() -> new Refusal(Tool.DATA, "execution-unknown", "The ledger has no execution " + id));
    }
}
