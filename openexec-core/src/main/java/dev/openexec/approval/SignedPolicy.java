package dev.openexec.approval;

import dev.openexec.approval.InvalidApprovalException.Fault;
import dev.openexec.json.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Version 1 artifacts by one of a few trusted keys, for one tenant. The order of the checks is fixed. */
final class SignedPolicy extends ApprovalPolicy {

    private final String tenant;
    private final List<ApprovalKey> keys;
    private final Duration maxLifetime;

    SignedPolicy(String tenant, List<ApprovalKey> keys, Duration maxLifetime) {
        if (!ArtifactV1.TENANT_ID.matcher(tenant).matches()) {
            throw new IllegalArgumentException("A tenant is 1 to 128 characters of printable ASCII without space");
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("At least one key is needed");
        }
        if (maxLifetime.isNegative() || maxLifetime.isZero()) {
            throw new IllegalArgumentException("The longest lifetime must be positive");
        }
        this.tenant = tenant;
        this.keys = List.copyOf(keys);
        this.maxLifetime = maxLifetime;
    }

    @Override
    public Authority authority() {
        return Authority.V1;
    }

    @Override
    public String tenant() {
        return tenant;
    }

    @Override
    public Optional<Approval> verify(@Nullable String text, Digest requestHash, Instant now)
            throws InvalidApprovalException {
        if (text == null) {
            throw new InvalidApprovalException(Fault.MISSING, "missing");
        }
        ArtifactV1 artifact = ArtifactV1.parse(text);
        if (!artifact.actionHash().equals(requestHash.hex())) {
            throw new InvalidApprovalException(Fault.HASH_MISMATCH, "action-hash-mismatch");
        }
        if (keys.stream().noneMatch(artifact::isSignedBy)) {
            throw new InvalidApprovalException(Fault.SIGNATURE_INVALID, "signature-invalid");
        }
        if (!artifact.tenantId().equals(tenant)) {
            throw new InvalidApprovalException(Fault.TENANT_MISMATCH, "tenant-mismatch");
        }
        checkLifetime(artifact, now);
        return Optional.of(new Approval(artifact, text));
    }

    private void checkLifetime(ArtifactV1 artifact, Instant now) throws InvalidApprovalException {
        if (!artifact.issuedAt().isBefore(artifact.expiresAt())) {
            // never valid; said in the words that a caller can act on
            boolean past = now.isAfter(artifact.expiresAt());
            throw new InvalidApprovalException(past ? Fault.EXPIRED : Fault.NOT_YET_VALID, "issued-not-before-expires");
        }
        if (Duration.between(artifact.issuedAt(), artifact.expiresAt()).compareTo(maxLifetime) > 0) {
            throw new InvalidApprovalException(Fault.LIFETIME_TOO_LONG, "ttl-too-long");
        }
    }
}
