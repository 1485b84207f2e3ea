package dev.openexec.server;

import java.util.ArrayList;
import java.util.List;

/** What {@code --help} prints. */
final class Usage {

    private Usage() {}

    static List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("Usage: java -jar openexec-server.jar [--flag value]...");
        lines.add("");
        lines.add("Each flag is also an environment variable; the flag wins.");
        for (Variable variable : Variable.values()) {
            lines.add("");
            lines.add("  " + variable.flag() + ", " + variable);
            lines.add("      " + variable.meaning());
            lines.add("      accepted: " + variable.accepted());
            variable.defaultValue().ifPresent(value -> lines.add("      default: " + value));
        }
        lines.add("");
        lines.add(
                "Exit status: 0 after SIGTERM; 78 if the configuration has mistakes, each on a line of standard error;");
        lines.add("69 if the ledger or the port cannot be had.");
        return lines;
    }
}
