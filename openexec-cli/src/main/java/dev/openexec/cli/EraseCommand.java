package dev.openexec.cli;

import dev.openexec.cli.Common.OpenLedger;
import dev.openexec.store.Change;
import dev.openexec.store.Leaf;
import dev.openexec.store.Outcome;
import dev.openexec.store.Outcome.Verdict;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.jdbc.LedgerView;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code openexec erase}: what one execution was about is gone (T12 of the state table). */
@Command(
        name = "erase",
        description = {
            "Erases payload, result, nonce and approval of an execution that has ended.",
            "Every salt and hash of them goes too, but the keys of its row.",
            "Its keys stay, so that it never runs again: the same request is answered with 410, execution-erased.",
            "Unused parts of the files may still hold some of it, until 'ledger compact'.",
            "Its receipts stay in the log, where they match nothing any more. It cannot be taken back.",
            Reason.PUBLIC
        })
final class EraseCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private final Common common = new Common();

    @Mixin
    private final Reason reason = new Reason();

    @Parameters(paramLabel = "ID", description = "The execution.")
    private @Nullable UUID id;

    EraseCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Refusal {
        reason.check();
        StoredExecution row;
        try (LedgerView view = common.view()) {
            row = ExecutionsCommand.known(view, Objects.requireNonNull(id));
        }
        requireErasable(row);
        erase(row);
        console.trace("erase " + id, reason);
        console.tell("traces may be left in unused parts of the files until 'ledger compact'");
        common.printer(console).document(Described.members(row.erased()));
        return 0;
    }

    private void erase(StoredExecution row) throws Refusal {
        try (OpenLedger ledger = common.open(console)) {
            Leaf receipt = ledger.receipts()
                    .control(
                            "erased",
                            console.clock().instant(),
                            Map.of(
                                    "actor",
                                    reason.actor(),
                                    "evidence",
                                    reason.evidence(),
                                    "execution",
                                    row.claim().executionId().toString()));
            Outcome outcome = Stages.join(ledger.store()
                    .write(new Change.Erase(row.claim().nonceKey(), row.claim().token(), row.attempt(), receipt)));
            if (outcome.verdict() != Verdict.APPLIED) {
                throw new Refusal(Tool.DATA, "execution-changed", "The execution changed meanwhile: look at it again");
            }
        }
    }

    private static void requireErasable(StoredExecution row) throws Refusal {
        if (row.isErased()) {
            throw new Refusal(Tool.DATA, "execution-erased", "It is erased already");
        }
        if (row.isRunning() || row.isIndeterminate()) {
            throw new Refusal(
                    Tool.DATA, "execution-unsettled", "How it ended is not known yet: settle it before it is erased");
        }
    }
}
