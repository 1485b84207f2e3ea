package dev.openexec.cli;

import dev.openexec.cli.Common.OpenLedger;
import dev.openexec.store.ExecutionStore.Floors;
import dev.openexec.store.Leaf;
import dev.openexec.store.Outcome;
import dev.openexec.store.Outcome.Verdict;
import dev.openexec.store.Write;
import dev.openexec.store.jdbc.LedgerView;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code openexec prune}: forgets what is past its retention (T11 of the state table). */
@Command(
        name = "prune",
        description = {
            "Forgets succeeded and failed executions that ended long ago and whose approvals have expired, for ever.",
            "None of these approvals can be used again: they are behind the expiry floor, which rises with each batch.",
            "Whatever stops it, it can be started again."
        })
final class PruneCommand implements Callable<Integer> {

    private static final int BATCH = 500;
    private static final Duration SKEW = Duration.ofSeconds(60); // what approvals may be issued ahead of our clock
    private static final Pattern AGE = Pattern.compile("([0-9]{1,9})([dhms])");

    private final Console console;

    @Mixin
    private final Common common = new Common();

    @Option(
            names = "--older-than",
            required = true,
            paramLabel = "AGE",
            description = "Only what ended longer ago than this: a number and d, h, m or s, such as 90d.")
    private String age = "";

    @Option(
            names = "--results-only",
            description =
                    "Drop results and keep everything else: the nonces and approvals stay used, and the same request is"
                            + " answered with 410, result-erased.")
    private boolean resultsOnly;

    PruneCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Refusal {
        Instant endedBefore = console.clock().instant().minus(age(age));
        Floors floors;
        try (LedgerView view = common.view()) {
            floors = view.status().floors();
        }
        check(floors);
        long rows = 0;
        try (OpenLedger ledger = common.open(console)) {
            int batch = BATCH;
            while (batch == BATCH) {
                batch = batch(ledger, endedBefore);
                rows += batch;
                if (batch == BATCH) {
                    console.tell(rows + " so far");
                }
            }
        }
        String done = resultsOnly ? "results_erased" : "executions_removed";
        console.trace("prune: " + rows + " " + done.replace('_', ' ') + ", ended before " + endedBefore);
        Map<String, Object> members = new LinkedHashMap<>();
        members.put(done, rows);
        members.put("ended_before", endedBefore.toString());
        common.printer(console).document(members);
        return 0;
    }

    private void check(Floors floors) throws Refusal {
        if (!floors.signed() && !resultsOnly) {
            throw new Refusal(
                    Tool.DATA,
                    "ledger-unsigned",
                    "Requests without approvals never expire, so this ledger keeps their nonces for ever; --results-only"
                            + " drops results");
        }
        if (floors.signed() && floors.forbidsPruning(console.clock().instant())) {
            throw clockUnsafe();
        }
    }

    private int batch(OpenLedger ledger, Instant endedBefore) throws Refusal {
        Leaf receipt = ledger.receipts()
                .control(
                        resultsOnly ? "results-erased" : "pruned",
                        console.clock().instant(),
                        Map.of("before", endedBefore.toString()));
        Write write = resultsOnly
                ? new Write.EraseResults(endedBefore, BATCH, receipt)
                : new Write.Prune(endedBefore, SKEW, BATCH, receipt);
        Outcome outcome = Stages.join(ledger.store().write(write));
        if (outcome.verdict() == Verdict.CLOCK_UNSAFE) {
            throw clockUnsafe();
        }
        return outcome.rows();
    }

    private static Refusal clockUnsafe() {
        return new Refusal(
                Tool.UNAVAILABLE,
                "clock-unsafe",
                "The clock is behind the latest signed claim, or more than a day ahead of it. If it is right: openexec ledger"
                        + " trust-clock --actor WHO --evidence TEXT");
    }

    private static Duration age(String text) throws Refusal {
        Matcher age = AGE.matcher(text);
        if (!age.matches()) {
            throw new Refusal(Tool.USAGE, "invalid-argument", "--older-than is a number and d, h, m or s, such as 90d");
        }
        long number = Long.parseLong(age.group(1));
        return switch (age.group(2)) {
            case "d" -> Duration.ofDays(number);
            case "h" -> Duration.ofHours(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofSeconds(number);
        };
    }
}
