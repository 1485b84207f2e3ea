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
        lines.add("Exit status:");
        lines.add("  0   after --help, --version, SIGTERM and SIGINT");
        lines.add("  69  the ledger or the port cannot be had");
        lines.add("  70  something unforeseen keeps it from starting, or the virtual machine fails (no memory left)");
        lines.add("  78  the configuration has mistakes, each on a line of standard error");
        return lines;
    }
}
