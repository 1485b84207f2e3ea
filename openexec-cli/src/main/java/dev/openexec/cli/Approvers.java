package dev.openexec.cli;

import dev.openexec.approval.ApprovalKey;
import dev.openexec.approval.ApprovalPolicy;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose approvals somebody who verifies trusts. */
final class Approvers {

    @Option(
            names = "--approver",
            paramLabel = "FILE",
            description = "The public keys of those who may approve, in PEM. Then approvals are verified again.")
    private @Nullable Path approver;

    @Option(names = "--tenant", paramLabel = "TENANT", description = "For whom they may approve.")
    private @Nullable String tenant;

    Optional<ApprovalPolicy> policy() throws Refusal {
        if (approver == null && tenant == null) {
            return Optional.empty();
        }
        if (approver == null || tenant == null) {
            throw new Refusal(Tool.USAGE, "invalid-argument", "--approver and --tenant go together");
        }
        try {
            return Optional.of(ApprovalPolicy.signedBy(tenant, ApprovalKey.fromPem(Trust.read(approver))));
        } catch (IllegalArgumentException e) {
            throw new Refusal(Tool.DATA, "invalid-approver", String.valueOf(e.getMessage()));
        }
    }
}
