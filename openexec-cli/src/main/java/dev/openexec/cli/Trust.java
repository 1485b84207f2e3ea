package dev.openexec.cli;

import dev.openexec.evidence.Policy;
import dev.openexec.evidence.VerifierKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which logs somebody who verifies trusts. */
final class Trust {

    @ArgGroup(exclusive = true, multiplicity = "1")
    private final Logs logs = new Logs();

    /** Which logs, and who has to have witnessed them. */
    private static final class Logs {

        @Option(
                names = "--log-key",
                paramLabel = "KEY",
                description = "The log's verifier key, as 'log key' prints it.")
        private @Nullable String key;

        @Option(
                names = "--policy",
                paramLabel = "FILE",
                description = "A policy file (C2SP tlog-policy): logs, witnesses, and how many of them it takes.")
        private @Nullable Path policy;
    }

    Policy policy() throws Refusal {
        if (logs.key == null) {
            return policy(read(logs.policy));
        }
        try {
            return Policy.of(VerifierKey.parse(logs.key));
        } catch (IllegalArgumentException e) {
            throw invalid(e);
        }
    }

    static Policy policy(String text) throws Refusal {
        try {
            return Policy.parse(text);
        } catch (IllegalArgumentException e) {
            throw invalid(e);
        }
    }

    private static Refusal invalid(IllegalArgumentException reason) {
        return new Refusal(Tool.DATA, "invalid-policy", String.valueOf(reason.getMessage()));
    }

    static String read(@Nullable Path file) throws Refusal {
        try {
            return Files.readString(Path.of(String.valueOf(file)));
        } catch (IOException | InvalidPathException e) {
            throw new Refusal(Tool.DATA, "file-unreadable", "The file cannot be read: " + e.getMessage());
        }
    }
}
