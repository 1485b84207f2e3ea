package dev.openexec.store;

import dev.openexec.approval.Authority;
import dev.openexec.json.Digest;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One lock around two maps. The simplest store that keeps the contract, apart from durability. */
final class InMemoryStore implements ExecutionStore {

    private static final Instant EXPIRY_FLOOR = Instant.EPOCH; // nothing is ever pruned

    private final Map<Digest, StoredExecution> byKey = new HashMap<>();
    private final List<String> log = new ArrayList<>();
    private @Nullable InstantSource clock;
    private Instant issueFloor = Instant.EPOCH;
    private boolean signed;
    private boolean closed;

    @Override
    public synchronized Opened open(boolean signed, InstantSource clock) {
        if (this.clock != null) {
            throw new IllegalStateException("A store opens once");
        }
        this.signed = signed;
        this.clock = clock;
        issueFloor = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        byte[] id = new byte[16];
        new SecureRandom().nextBytes(id);
        return new Opened(HexFormat.of().formatHex(id), issueFloor, false);
    }

    @Override
    public CompletionStage<Outcome> write(Write write) {
        return answer(() -> apply(write));
    }

    @Override
    public CompletionStage<Optional<StoredExecution>> find(List<Digest> keys) {
        return answer(() -> standing(keys));
    }

    @Override
    public CompletionStage<List<StoredExecution>> orphans(int limit) {
        return answer(List::of); // its only owner is this very object
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    private synchronized <T> CompletionStage<T> answer(Supplier<T> work) {
        if (clock == null || closed) {
            return CompletableFuture.failedFuture(
                    new StoreException(StoreException.Reason.STORE_UNAVAILABLE, "The store is not open"));
        }
        return CompletableFuture.completedFuture(work.get());
    }

    private Outcome apply(Write write) {
        if (write instanceof Write.Insert insert) {
            return insert(insert);
        }
        if (write instanceof Write.End end) {
            return end(end);
        }
        return applied(write);
    }

    private Outcome insert(Write.Insert insert) {
        Claim claim = insert.claim();
        Optional<StoredExecution> standing = standing(claim.keys());
        if (standing.isPresent()) {
            boolean ours = standing.get().claim().token().equals(claim.token());
            return ours ? Outcome.applied(-1) : Outcome.lost(standing);
        }
        if (claim.authority() == Authority.UNSIGNED && signed) {
            return Outcome.refused(Outcome.Verdict.SIGNED_LEDGER);
        }
        SpentApproval approval = claim.approval();
        if (approval != null && approval.hasExpiredAt(now())) {
            return Outcome.refused(Outcome.Verdict.EXPIRED);
        }
        if (approval != null && !approval.expiresAt().isAfter(EXPIRY_FLOOR)) {
            return Outcome.refused(Outcome.Verdict.BEHIND_EXPIRY_FLOOR);
        }
        if (approval != null && approval.issuedAt().isBefore(issueFloor)) {
            return Outcome.refused(Outcome.Verdict.BEFORE_ISSUE_FLOOR);
        }
        put(new StoredExecution(claim, 1, insert.ending()));
        return applied(insert);
    }

    private Instant now() {
        return Objects.requireNonNull(clock).instant();
    }

    private Outcome end(Write.End end) {
        StoredExecution row = byKey.get(end.nonceKey());
        boolean held = row != null && row.claim().token().equals(end.token()) && row.attempt() == end.attempt();
        if (row == null || !held) {
            return Outcome.lost(Optional.ofNullable(row));
        }
        if (row.ending() != null) {
            return row.ending().equals(end.ending()) ? Outcome.applied(-1) : Outcome.lost(Optional.of(row));
        }
        put(new StoredExecution(row.claim(), row.attempt(), end.ending()));
        return applied(end);
    }

    private Outcome applied(Write write) {
        String leaf = write.leaf();
        if (leaf == null) {
            return Outcome.applied(-1);
        }
        log.add(leaf);
        return Outcome.applied(log.size() - 1L);
    }

    private void put(StoredExecution row) {
        byKey.put(row.claim().nonceKey(), row);
        SpentApproval approval = row.claim().approval();
        if (approval != null) {
            byKey.put(approval.key(), row);
        }
    }

    private Optional<StoredExecution> standing(List<Digest> keys) {
        return keys.stream().map(byKey::get).filter(row -> row != null).findFirst();
    }
}
