package dev.openexec.approval;

import dev.openexec.json.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who may have something executed. Immutable and thread-safe; verifies offline. */
public abstract sealed class ApprovalPolicy permits SignedPolicy, UnsignedPolicy {

    /** The longest lifetime of an approval that is accepted unless another is configured. */
    public static final Duration DEFAULT_MAX_LIFETIME = Duration.ofHours(24);

    ApprovalPolicy() {}

    /**
     * Nobody approves: every request is authorised, for the tenant {@code demo}. Replay protection and receipts are the
     * same as in signed mode.
     *
     * @return the policy, always the same
     */
    public static ApprovalPolicy unsignedDemo() {
        return UnsignedPolicy.INSTANCE;
    }

    /**
     * {@link #signedBy(String, List, Duration)} with {@link #DEFAULT_MAX_LIFETIME}.
     *
     * @param tenant 1 to 128 characters of printable ASCII without space
     * @param keys at least one
     * @return a policy under which nothing runs unsigned
     * @throws IllegalArgumentException if an argument is out of its range
     */
    public static ApprovalPolicy signedBy(String tenant, List<ApprovalKey> keys) {
        return signedBy(tenant, keys, DEFAULT_MAX_LIFETIME);
    }

    /**
     * Every request needs a version 1 approval by one of these keys for this tenant.
     *
     * @param tenant 1 to 128 characters of printable ASCII without space
     * @param keys at least one
     * @param maxLifetime the longest time between issue and expiry, positive
     * @return a policy under which nothing runs unsigned
     * @throws IllegalArgumentException if an argument is out of its range
     */
    public static ApprovalPolicy signedBy(String tenant, List<ApprovalKey> keys, Duration maxLifetime) {
        return new SignedPolicy(tenant, keys, maxLifetime);
    }

    /** {@return by what this policy authorises} */
    public abstract Authority authority();

    /** {@return the tenant on whose behalf everything is executed} */
    public abstract String tenant();

    /**
     * Verifies everything about an artifact that does not depend on the ledger, apart from whether it may still be spent.
     *
     * @param artifact the text as received, or null
     * @param requestHash of the request the artifact must be for
     * @param now by the executor's clock
     * @return the verified approval; empty where none is needed
     * @throws InvalidApprovalException at the first rule that is broken
     */
    public abstract Optional<Approval> verify(@Nullable String artifact, Digest requestHash, Instant now)
            throws InvalidApprovalException;

    /** {@return whether every request needs an approval} */
    public final boolean signed() {
        return authority() != Authority.UNSIGNED;
    }
}
