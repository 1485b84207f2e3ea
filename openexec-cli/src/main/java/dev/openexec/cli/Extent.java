package dev.openexec.cli;

import dev.openexec.store.ReceiptLog.Head;
import dev.openexec.store.jdbc.LedgerView;
import picocli.CommandLine.Option;

/** Up to where a log is looked at. */
final class Extent {

    @Option(
            names = "--cosigned",
            description = "Only as far as witnesses have cosigned it ('log cosign'), with their cosignatures.")
    private boolean cosigned;

    Head of(LedgerView view, long log) throws Refusal {
        return cosigned
                ? view.log(logs -> logs.cosigned(log))
                        .orElseThrow(() -> new Refusal(
                                Tool.DATA, "log-not-cosigned", "No witness has cosigned this log: see 'log cosign'"))
                : view.log(logs -> logs.head(log));
    }
}
