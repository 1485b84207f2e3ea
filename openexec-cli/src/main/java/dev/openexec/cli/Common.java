package dev.openexec.cli;

import dev.openexec.store.ExecutionStore;
import dev.openexec.store.Receipts;
import dev.openexec.store.jdbc.LedgerUrl;
import dev.openexec.store.jdbc.LedgerView;
import dev.openexec.store.jdbc.SqliteStore;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What every command takes: which ledger, and the form of the answer. */
final class Common {

    @Option(
            names = "--db-url",
            paramLabel = "URL",
            defaultValue = "${env:OPENEXEC_DB_URL:-sqlite:///openexec.db}",
            description = "The ledger, as the server names it: sqlite:///relative.db, sqlite:////absolute.db or"
                    + " jdbc:sqlite:path. Default: OPENEXEC_DB_URL, or sqlite:///openexec.db.")
    private String url = "";

    @Option(names = "--json", description = "Answer in JSON: one document, or one on each line.")
    private boolean json;

    Printer printer(Console console) {
        return new Printer(console.out(), json);
    }

    Path file() throws Refusal {
        try {
            return LedgerUrl.parse(url)
                    .file()
                    .orElseThrow(() -> new IllegalArgumentException("A ledger in memory ends with its process"));
        } catch (IllegalArgumentException e) {
            throw new Refusal(Tool.CONFIGURATION, "invalid-ledger-url", String.valueOf(e.getMessage()));
        }
    }

    /** The ledger to look at. */
    LedgerView view() throws Refusal {
        return LedgerView.of(file());
    }

    /**
     * A ledger that is open.
     *
     * @param receipts writes what is appended to its log
     */
    record OpenLedger(ExecutionStore store, Receipts receipts) implements AutoCloseable {
        @Override
        public void close() {
            store.close();
        }
    }

    /** The ledger to be changed, open in the mode that it has. */
    OpenLedger open(Console console) throws Refusal {
        Path file = file();
        boolean signed;
        try (LedgerView view = LedgerView.of(file)) {
            signed = view.status().floors().signed();
        }
        ExecutionStore store = SqliteStore.at(file);
        String ledgerId = store.open(signed, console.clock()).ledgerId();
        return new OpenLedger(store, new Receipts(ledgerId));
    }
}
