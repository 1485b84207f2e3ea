package dev.openexec.cli;

import dev.openexec.cli.Common.OpenLedger;
import dev.openexec.store.ExecutionStore.Floors;
import dev.openexec.store.Leaf;
import dev.openexec.store.Write;
import dev.openexec.store.jdbc.LedgerView;
import dev.openexec.store.jdbc.LedgerView.Status;
import dev.openexec.store.jdbc.SqliteStore;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code openexec ledger}. */
@Command(name = "ledger", description = "Shows and mends the ledger as a whole.")
final class LedgerCommand {

    private final Console console;

    LedgerCommand(Console console) {
        this.console = console;
    }

    @Command(name = "status", description = "Shows what the ledger says of itself; changes nothing.")
    int status(@Mixin Common common) throws Refusal {
        common.printer(console).document(status(common.file()));
        return 0;
    }

    @Command(
            name = "trust-clock",
            description = {
                "Says that this host's clock is right, where claims or a prune are refused as clock-unsafe.",
                "The latest signed claim counts as made now.",
                Reason.PUBLIC
            })
    int trustClock(@Mixin Common common, @Mixin Reason reason) throws Refusal {
        reason.check();
        try (OpenLedger ledger = common.open(console)) {
            Leaf receipt =
                    ledger.receipts().control("clock-trusted", console.clock().instant(), reason.members());
            Stages.join(ledger.store().write(new Write.TrustClock(receipt)));
        }
        console.trace("ledger trust-clock", reason);
        common.printer(console).document(status(common.file()));
        return 0;
    }

    @Command(
            name = "restored",
            description = {
                "Goes on with an older copy of the ledger, which is refused as ledger-rollback-detected.",
                "No approval issued before now, or in the next minute, is taken any more: it may have been spent since the copy",
                "was made. A nonce that was used since then without an approval can be used again.",
                "Stop every process that has the ledger open first. The clock must be right.",
                Reason.PUBLIC
            })
    int restored(@Mixin Common common, @Mixin Reason reason) throws Refusal {
        reason.check();
        try {
            SqliteStore.acceptRestored(common.file(), console.clock(), reason.members());
        } catch (IllegalStateException e) {
            throw new Refusal(Tool.DATA, "nothing-to-accept", String.valueOf(e.getMessage()));
        }
        console.trace("ledger restored", reason);
        common.printer(console).document(status(common.file()));
        return 0;
    }

    @Command(
            name = "compact",
            description = {
                "Writes the ledger's file anew, so that nothing of what was erased or pruned is left in unused parts of it.",
                "A server may have it open, but cannot write meanwhile: it takes about as long as copying the file twice."
            })
    int compact(@Mixin Common common) throws Refusal {
        SqliteStore.compact(common.file());
        console.trace("ledger compact");
        common.printer(console).document(status(common.file()));
        return 0;
    }

    private static Map<String, Object> status(Path file) {
        try (LedgerView view = LedgerView.of(file)) {
            return members(view.status());
        }
    }

    private static Map<String, Object> members(Status status) {
        Floors floors = status.floors();
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("ledger_id", status.ledgerId());
        members.put("generation", status.generation());
        members.put("mode", floors.signed() ? "signed" : "unsigned");
        members.put("issue_floor", floors.issue().toString());
        members.put("expiry_floor", floors.expiry().toString());
        members.put("latest_signed_claim", floors.latestSignedClaim().toString());
        members.put("executions", status.executions());
        Map<String, String> boots = new LinkedHashMap<>();
        status.boots().forEach((boot, life) -> boots.put(boot, word(life)));
        members.put("boots", boots);
        members.put("head_file", word(status.head()));
        members.put("commits", status.commits());
        members.put("database_bytes", status.databaseBytes());
        members.put("wal_bytes", status.walBytes());
        return members;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
