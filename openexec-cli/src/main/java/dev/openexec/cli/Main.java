package dev.openexec.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/**
 * Runs one command.
 *
 * <p>Exit status: 0 if it is done; 1 if there is a finding; 64 if the command line is not understood; 65 if what it names
 * is not there, or cannot be done to it; 69 if the ledger cannot be used, or the files or the address of a witness; 70 if
 * anything unforeseen happens; 78 if the configuration has a mistake.
 */
public final class Main {

    private Main() {}

    /**
     * Runs the command and ends the process with its exit status.
     *
     * @param arguments {@code --help} lists them
     */
    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8); // checkpoints are not ASCII
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.US_ASCII);
        int status = new Tool(System.in, out, err, InstantSource.system()).run(arguments);
        out.flush();
        System.exit(out.checkError() && status == 0 ? Tool.UNAVAILABLE : status);
    }
}
