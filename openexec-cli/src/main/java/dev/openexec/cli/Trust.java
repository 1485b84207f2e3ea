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
        private @Nullable String policy;
    }

    Policy policy() throws Refusal {
        return logs.key == null ? policy(String.valueOf(logs.policy)) : Policy.of(logKey("--log-key", logs.key));
    }

    /** The policy of a file. */
    static Policy policy(String file) throws Refusal {
        String text = isKey(file) ? file : read(file);
        if (isKey(text.strip())) {
            throw mistake("--policy takes a file, in which the key of a log stands in a line: log KEY");
        }
        try {
            return Policy.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Refusal(Tool.DATA, "invalid-policy", String.valueOf(e.getMessage()));
        }
    }

    /** The key of a log, which is given as it is and not by the name of a file. */
    static VerifierKey logKey(String option, String text) throws Refusal {
        if (!isKey(text)) {
            throw mistake(option
                    + (isFile(text)
                            ? " takes the key itself, not the name of its file: \"$(cat FILE)\""
                            : " takes a verifier key, name+id+key, of the type Ed25519"));
        }
        VerifierKey key = VerifierKey.parse(text);
        if (key.type() != VerifierKey.Type.NOTE) {
            throw mistake(option + " takes the key of a log, and this is that of a witness");
        }
        return key;
    }

    private static boolean isKey(String text) {
        try {
            VerifierKey unused = VerifierKey.parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isFile(String text) {
        try {
            return Files.isRegularFile(Path.of(text));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static Refusal mistake(String words) {
        return new Refusal(Tool.USAGE, "invalid-argument", words);
    }

    static String read(Path file) throws Refusal {
        return read(file.toString());
    }

    private static String read(String file) throws Refusal {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException | InvalidPathException e) {
            throw new Refusal(Tool.DATA, "file-unreadable", "The file cannot be read: " + e.getMessage());
        }
    }
}
