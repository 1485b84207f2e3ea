package dev.openexec;

import dev.openexec.action.ActionContext;
import dev.openexec.approval.Authority;
import dev.openexec.json.Digest;
import dev.openexec.store.Claim;
import dev.openexec.store.SpentApproval;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What the ledger knows of a claim, as its action sees it. */
record Context(
        String ledgerId,
        Claim claim,
        int attempt,
        InstantSource clock,
        Instant deadline,
        @Nullable Connection lent) implements ActionContext {

    @Override
    public UUID executionId() {
        return claim.executionId();
    }

    @Override
    public String tenant() {
        return claim.tenant();
    }

    @Override
    public Authority authority() {
        return claim.authority();
    }

    @Override
    public Optional<String> approvalId() {
        return Optional.ofNullable(claim.approval()).map(SpentApproval::id);
    }

    @Override
    public String idempotencyKey() {
        return idempotencyDigest().hex();
    }

    @Override
    public RandomGenerator random() {
        byte[] seed = idempotencyDigest().bytes();
        return new SplittableRandom(ByteBuffer.wrap(seed).getLong());
    }

    @Override
    public Connection connection() {
        return lent == null ? ActionContext.super.connection() : lent;
    }

    private Digest idempotencyDigest() {
        return Digest.ofFields(
                "openexec/idempotency/1",
                ascii(ledgerId),
                claim.nonceKey().bytes(),
                claim.requestHash().bytes(),
                ascii(claim.salt()));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
