package dev.openexec.cli;

import java.io.InputStream;
import java.io.PrintWriter;
import java.time.InstantSource;

/**
 * What a command has of the world beside the ledger.
 *
 * @param out for answers
 * @param err for what goes wrong, for progress, and for the trace of who did what
 */
record Console(InputStream in, PrintWriter out, PrintWriter err, InstantSource clock) {

    /** A line for people, on standard error. */
    void tell(String line) {
        err.println("openexec: " + line);
        err.flush();
    }

    /** Leaves a trace of what changed the ledger. */
    void trace(String what) {
        tell(clock.instant() + " " + what);
    }

    /** Leaves a trace of who changed the ledger, and why. */
    void trace(String what, Reason reason) {
        trace(what + " by " + Printable.of(reason.actor()) + ": " + Printable.of(reason.evidence()));
    }
}
