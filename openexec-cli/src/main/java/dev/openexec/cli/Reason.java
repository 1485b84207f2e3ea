package dev.openexec.cli;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine.Option;

/** Who changes the ledger by hand, and why. */
final class Reason {

    /** Of commands that append it to the log as it is. */
    static final String PUBLIC =
            "Actor and evidence are in the log, for everybody who reads that: nothing private belongs there.";

    private static final int LONGEST = 4096;

    @Option(names = "--actor", required = true, paramLabel = "WHO", description = "Who says so; kept or logged.")
    private String actor = "";

    @Option(
            names = "--evidence",
            required = true,
            paramLabel = "TEXT",
            description = "How they know, such as a ticket or a statement; kept or logged.")
    private String evidence = "";

    String actor() {
        return actor;
    }

    String evidence() {
        return evidence;
    }

    /** Both, for the log. */
    Map<String, String> members() {
        return Map.of("actor", actor, "evidence", evidence);
    }

    /** Refuses what says nothing and what cannot be kept. */
    void check() throws Refusal {
        check("--actor", actor);
        check("--evidence", evidence);
    }

    private static void check(String option, String text) throws Refusal {
        boolean good = !text.isBlank()
                && text.length() <= LONGEST
                && StandardCharsets.UTF_8.newEncoder().canEncode(text);
        if (!good) {
            throw new Refusal(Tool.USAGE, "invalid-argument", option + " is 1 to " + LONGEST + " characters of text");
        }
    }
}
