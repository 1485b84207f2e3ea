package dev.openexec.store;

import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.json.Digest;
import dev.openexec.store.Outcome.Verdict;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One lock around a map. The simplest store that keeps the contract, apart from durability. */
final class InMemoryStore implements ExecutionStore {

    private static final Comparator<StoredExecution> BY_ID =
            Comparator.comparing(row -> row.claim().executionId().toString());

    private final Map<Digest, StoredExecution> byKey = new HashMap<>();
    private @Nullable InMemoryLog log;
    private @Nullable InstantSource clock;
    private Floors floors = new Floors(false, Instant.EPOCH, Instant.EPOCH, Instant.EPOCH);
    private boolean closed;

    @Override
    public synchronized Opened open(boolean signed, InstantSource clock) {
        if (this.clock != null) {
            throw new IllegalStateException("A store opens once");
        }
        this.clock = clock;
        floors = new Floors(signed, now().truncatedTo(ChronoUnit.SECONDS), Instant.EPOCH, now());
        byte[] id = new byte[16];
        new SecureRandom().nextBytes(id);
        String ledgerId = HexFormat.of().formatHex(id);
        log = new InMemoryLog(ledgerId, Ed25519SigningKey.generate());
        return new Opened(ledgerId, floors.issue(), false);
    }

    @Override
    public CompletionStage<Outcome> write(Write write) {
        return answer(() -> apply(write));
    }

    @Override
    public <T> CompletionStage<T> log(Function<ReceiptLog, T> question) {
        return answer(() -> question.apply(Objects.requireNonNull(log)));
    }

    @Override
    public CompletionStage<Optional<StoredExecution>> find(List<Digest> keys) {
        return answer(() -> standing(keys));
    }

    @Override
    public CompletionStage<Optional<StoredExecution>> execution(UUID executionId) {
        return answer(
                () -> rows(row -> row.claim().executionId().equals(executionId)).findFirst());
    }

    @Override
    public CompletionStage<List<StoredExecution>> executions(@Nullable UUID after, int limit) {
        String last = after == null ? "" : after.toString();
        return answer(() -> rows(row -> row.claim().executionId().toString().compareTo(last) > 0)
                .sorted(BY_ID)
                .limit(limit)
                .toList());
    }

    @Override
    public CompletionStage<List<Orphan>> orphans(@Nullable UUID after, int limit) {
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
        try {
            return CompletableFuture.completedFuture(work.get());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Outcome apply(Write write) {
        if (write instanceof Write.Insert insert) {
            return insert(insert);
        }
        if (write instanceof Change change) {
            return change(change);
        }
        if (write instanceof Write.Prune prune) {
            return prune(prune);
        }
        if (write instanceof Write.EraseResults erase) {
            return erase(erase);
        }
        if (write instanceof Write.TrustClock) {
            floors = floors.trusting(now());
        }
        if (write instanceof Write.Cosigned cosigned) {
            Objects.requireNonNull(log).keep(cosigned);
        }
        return applied(write, null);
    }

    private Outcome insert(Write.Insert insert) {
        Claim claim = insert.claim();
        Optional<StoredExecution> standing = standing(claim.keys());
        if (standing.isPresent()) {
            boolean ours = standing.get().claim().token().equals(claim.token());
            return ours ? Outcome.applied(-1) : Outcome.lost(standing);
        }
        return claimed(claim, insert, new StoredExecution(claim, 1, insert.ending()));
    }

    private Outcome claimed(Claim claim, Write write, StoredExecution row) {
        Verdict verdict = floors.judge(claim, now());
        if (verdict != Verdict.APPLIED) {
            return Outcome.refused(verdict);
        }
        floors = floors.after(claim, now());
        Outcome applied = applied(write, claim.executionId()); // what may fail comes before what is changed
        put(row);
        return applied;
    }

    private Outcome change(Change change) {
        StoredExecution row = byKey.get(change.nonceKey());
        if (row == null || !change.appliesTo(row)) {
            return change.isDone(row) ? Outcome.applied(-1) : Outcome.lost(Optional.ofNullable(row));
        }
        if (change instanceof Change.Retry) {
            return claimed(row.claim(), change, change.changed(row).orElseThrow());
        }
        Outcome applied = applied(
                change, change instanceof Change.Erase ? null : row.claim().executionId());
        remove(row);
        change.changed(row).ifPresent(this::put);
        return applied;
    }

    private Outcome prune(Write.Prune prune) {
        if (floors.forbidsPruning(now())) {
            return Outcome.refused(Verdict.CLOCK_UNSAFE);
        }
        Instant expiredBefore = now().minus(prune.skew());
        List<StoredExecution> old = rows(row -> row.isPrunable(prune.endedBefore(), expiredBefore))
                .sorted(BY_ID)
                .limit(prune.limit())
                .toList();
        for (StoredExecution row : old) {
            SpentApproval approval = Objects.requireNonNull(row.claim().approval());
            floors = floors.over(approval.expiresAt().plus(prune.skew()));
            remove(row);
        }
        return applied(prune, null).withRows(old.size());
    }

    private Outcome erase(Write.EraseResults erase) {
        List<StoredExecution> old = rows(row -> row.isErasable(erase.endedBefore()))
                .sorted(BY_ID)
                .limit(erase.limit())
                .toList();
        old.forEach(row -> put(row.withoutResult()));
        return applied(erase, null).withRows(old.size());
    }

    /** To the millisecond, as everything in a ledger. */
    private Instant now() {
        return Objects.requireNonNull(clock).instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private Outcome applied(Write write, @Nullable UUID executionId) {
        Leaf leaf = write.leaf();
        return Outcome.applied(leaf == null ? -1 : Objects.requireNonNull(log).append(leaf, executionId));
    }

    private void put(StoredExecution row) {
        byKey.put(row.claim().nonceKey(), row);
        SpentApproval approval = row.claim().approval();
        if (approval != null) {
            byKey.put(approval.key(), row);
        }
    }

    private void remove(StoredExecution row) {
        byKey.remove(row.claim().nonceKey());
        SpentApproval approval = row.claim().approval();
        if (approval != null) {
            byKey.remove(approval.key());
        }
    }

    /** Every row once: it stands under its nonce key, and again under that of its approval. */
    private Stream<StoredExecution> rows(Predicate<StoredExecution> which) {
        return byKey.entrySet().stream()
                .filter(entry -> entry.getKey().equals(entry.getValue().claim().nonceKey()))
                .map(Map.Entry::getValue)
                .filter(which);
    }

    private Optional<StoredExecution> standing(List<Digest> keys) {
        return keys.stream().map(byKey::get).filter(row -> row != null).findFirst();
    }
}
