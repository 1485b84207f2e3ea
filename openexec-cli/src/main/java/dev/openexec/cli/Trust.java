package dev.openexec.cli;

import dev.openexec.approval.ApprovalKey;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.evidence.Policy;
import dev.openexec.evidence.VerifierKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Whom somebody who verifies trusts. */
final class Trust {

    @ArgGroup(exclusive = true, multiplicity = "1")
    private final Logs logs = new Logs();

    @Option(
            names = "--approver",
            paramLabel = "FILE",
            description = "The public keys of those who may approve, in PEM. Then approvals are verified again.")
    private @Nullable Path approver;

    @Option(names = "--tenant", paramLabel = "TENANT", description = "For whom they may approve.")
    private @Nullable String tenant;

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
        try {
            return logs.key != null ? Policy.of(VerifierKey.parse(logs.key)) : Policy.parse(Trust.read(logs.policy));
        } catch (IllegalArgumentException e) {
            throw new Refusal(Tool.DATA, "invalid-policy", String.valueOf(e.getMessage()));
        }
    }

    Optional<ApprovalPolicy> approvers() throws Refusal {
        if (approver == null && tenant == null) {
            return Optional.empty();
        }
        if (approver == null || tenant == null) {
            throw new Refusal(Tool.USAGE, "invalid-argument", "--approver and --tenant go together");
        }
        try {
            return Optional.of(ApprovalPolicy.signedBy(tenant, ApprovalKey.fromPem(read(approver))));
        } catch (IllegalArgumentException e) {
            throw new Refusal(Tool.DATA, "invalid-approver", String.valueOf(e.getMessage()));
        }
    }

    static String read(@Nullable Path file) throws Refusal {
        try {
            return Files.readString(Path.of(String.valueOf(file)));
        } catch (IOException | InvalidPathException e) {
            throw new Refusal(Tool.DATA, "file-unreadable", "The file cannot be read: " + e.getMessage());
        }
    }
}
