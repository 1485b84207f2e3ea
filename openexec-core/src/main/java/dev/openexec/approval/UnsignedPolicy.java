package dev.openexec.approval;

import dev.openexec.json.Digest;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Demo mode. An artifact that is sent all the same is not looked at. */
final class UnsignedPolicy extends ApprovalPolicy {

    static final UnsignedPolicy INSTANCE = new UnsignedPolicy();

    private UnsignedPolicy() {}

    @Override
    public Authority authority() {
        return Authority.UNSIGNED;
    }

    @Override
    public String tenant() {
        return "demo";
    }

    @Override
    public Optional<Approval> verify(@Nullable String artifact, Digest requestHash, Instant now) {
        return Optional.empty();
    }
}
