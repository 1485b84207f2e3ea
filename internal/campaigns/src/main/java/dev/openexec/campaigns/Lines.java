package dev.openexec.campaigns;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;

/** What this process says: one line each, on its way when this returns. */
final class Lines {

    private static final PrintStream OUT = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);

    private Lines() {}

    static void print(String line) {
        OUT.print(line + "\n");
        OUT.flush();
    }
}
