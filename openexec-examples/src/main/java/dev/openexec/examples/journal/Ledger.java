package dev.openexec.examples.journal;

import static java.util.Objects.requireNonNull;

import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.json.Digest;
import dev.openexec.store.Change;
import dev.openexec.store.Claim;
import dev.openexec.store.ExecutionStore.Floors;
import dev.openexec.store.ExecutionStore.Opened;
import dev.openexec.store.ExecutionStore.Orphan;
import dev.openexec.store.InMemoryLog;
import dev.openexec.store.Outcome;
import dev.openexec.store.Outcome.Verdict;
import dev.openexec.store.ReceiptLog;
import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A ledger that this process has open: what its file says, and the guards. A change is first made on the disk and then, by
 * the same entry, in memory, so that memory is what a restart would find. One lock lets nothing come in between.
 */
final class Ledger {

    private static final Map<Path, Ledger> OPEN = new HashMap<>();
    private static final Comparator<StoredExecution> BY_ID =
            Comparator.comparing(row -> row.claim().executionId().toString());
    private final Path path;
    private final JournalFile file;
    private final Set<JournalStore> stores = new HashSet<>();
    private final Rows rows = new Rows();
    private final Map<String, JournalStore> owners =
            new HashMap<>(); // by token; none of what a process left that is gone
    private @Nullable Opened opened;
    private Floors floors = new Floors(false, Instant.EPOCH, Instant.EPOCH, Instant.EPOCH);
    private final Ed25519SigningKey logKey;
    private @Nullable InMemoryLog log;

    private Ledger(Path path) throws IOException {
        this.path = path;
        file = JournalFile.open(path);
        try {
            logKey = LogKeyFile.readOrMake(path);
            for (String json : file.lines()) {
                apply(Entry.read(json));
            }
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Opens the ledger for the first store of this process, and lets the others share it. */
    static Ledger enter(Path path, JournalStore store, boolean signed, Instant now) throws IOException {
        synchronized (OPEN) {
            if (Files.notExists(path)) {
                Files.createFile(path);
            }
            Path real = path.toRealPath(); // one ledger, whatever it is called
            Ledger known = OPEN.get(real);
            Ledger ledger = known == null ? new Ledger(real) : known;
            OPEN.put(real, ledger);
            try {
                ledger.admit(store, signed, now);
                return ledger;
            } finally {
                ledger.closeIfUnused();
            }
        }
    }

    private synchronized void admit(JournalStore store, boolean signed, Instant now) throws IOException {
        if (floors.signed() && !signed) {
            throw new StoreException(Reason.LEDGER_IS_SIGNED, "The journal was opened in signed mode before");
        }
        if (opened == null) {
            String id = UUID.randomUUID().toString().replace("-", "");
            Instant issueFloor = now.truncatedTo(ChronoUnit.SECONDS);
            append(Entry.made(new Opened(id, issueFloor, true), new Floors(false, issueFloor, Instant.EPOCH, now)));
        }
        if (signed && !floors.signed()) {
            append(Entry.of(new Floors(true, floors.issue(), floors.expiry(), floors.latestSignedClaim())));
        }
        stores.add(store);
    }

    /** From now on what this store has running are orphans. */
    void leave(JournalStore store) throws IOException {
        synchronized (OPEN) {
            synchronized (this) {
                stores.remove(store);
            }
            closeIfUnused();
        }
    }

    private synchronized void closeIfUnused() throws IOException {
        if (stores.isEmpty()) {
            OPEN.remove(path);
            file.close();
        }
    }

    synchronized Opened opened() {
        return requireNonNull(opened);
    }

    synchronized <T> T ask(Function<ReceiptLog, T> question) {
        return question.apply(requireNonNull(log));
    }

    synchronized boolean isSynced() {
        return file.isSynced();
    }

    synchronized Optional<StoredExecution> find(List<Digest> keys) {
        return rows.first(keys);
    }

    synchronized Optional<StoredExecution> execution(UUID executionId) {
        return rows.all(row -> row.claim().executionId().equals(executionId)).findFirst();
    }

    synchronized List<StoredExecution> executions(@Nullable UUID after, int limit) {
        return rows.all(row -> isAfter(after, row)).sorted(BY_ID).limit(limit).toList();
    }

    /** A store that is closed, and a process that is gone, are dead for certain: nobody else can have the journal open. */
    synchronized List<Orphan> orphans(@Nullable UUID after, int limit) {
        return rows.all(row -> row.isRunning()
                        && isAfter(after, row)
                        && !stores.contains(owners.get(row.claim().token())))
                .sorted(BY_ID)
                .limit(limit)
                .map(row -> new Orphan(row, true))
                .toList();
    }

    private static boolean isAfter(@Nullable UUID id, StoredExecution row) {
        return id == null || row.claim().executionId().toString().compareTo(id.toString()) > 0;
    }

    synchronized Outcome write(Write write, JournalStore store, Instant clock) throws IOException {
        Instant now = clock.truncatedTo(ChronoUnit.MILLIS); // as every time in a row
        if (write instanceof Write.Insert insert) {
            return insert(insert, store, now);
        }
        if (write instanceof Change change) {
            return change(change, store, now);
        }
        if (write instanceof Write.Prune prune) {
            return prune(prune, now);
        }
        if (write instanceof Write.EraseResults erase) {
            return erase(erase);
        }
        if (write instanceof Write.Cosigned cosigned) {
            append(Entry.of(floors).with(cosigned));
            return applied(write);
        }
        Floors kept = write instanceof Write.TrustClock ? floors.trusting(now) : floors;
        append(Entry.of(kept)
                .with(
                        write.leaf(),
                        requireNonNull(log),
                        null)); // a heartbeat changes nothing, and is durable all the same
        return applied(write);
    }

    private Outcome insert(Write.Insert insert, JournalStore store, Instant now) throws IOException {
        Claim claim = insert.claim();
        Optional<StoredExecution> standing = find(claim.keys());
        if (standing.isPresent()) {
            boolean ours = standing.get().claim().token().equals(claim.token());
            return ours ? Outcome.applied(-1) : Outcome.lost(standing);
        }
        return claim(claim, new StoredExecution(claim, 1, insert.ending()), insert, store, now);
    }

    private Outcome claim(Claim claim, StoredExecution row, Write write, JournalStore store, Instant now)
            throws IOException {
        Verdict verdict = floors.judge(claim, now);
        if (verdict != Verdict.APPLIED) {
            return Outcome.refused(verdict);
        }
        append(Entry.of(floors.after(claim, now))
                .with(write.leaf(), requireNonNull(log), claim.executionId())
                .with(List.of(row)));
        owners.put(row.claim().token(), store);
        return applied(write);
    }

    private Outcome change(Change change, JournalStore store, Instant now) throws IOException {
        StoredExecution row = rows.first(List.of(change.nonceKey())).orElse(null);
        if (row == null || !change.appliesTo(row)) {
            return change.isDone(row) ? Outcome.applied(-1) : Outcome.lost(Optional.ofNullable(row));
        }
        Optional<StoredExecution> changed = change.changed(row);
        if (change instanceof Change.Retry) {
            return claim(row.claim(), changed.orElseThrow(), change, store, now);
        }
        Entry entry = Entry.of(floors)
                .with(
                        change.leaf(),
                        requireNonNull(log),
                        change instanceof Change.Erase ? null : row.claim().executionId());
        append(
                changed.isPresent()
                        ? entry.with(List.of(changed.get()))
                        : entry.without(List.of(row.claim().nonceKey())));
        return applied(change);
    }

    private Outcome prune(Write.Prune prune, Instant now) throws IOException {
        if (floors.forbidsPruning(now)) {
            return Outcome.refused(Verdict.CLOCK_UNSAFE);
        }
        Instant expiredBefore = now.minus(prune.skew());
        List<Claim> old = rows.all(row -> row.isPrunable(prune.endedBefore(), expiredBefore))
                .sorted(BY_ID)
                .map(StoredExecution::claim)
                .limit(prune.limit())
                .toList();
        Floors raised = floors;
        for (Claim claim : old) {
            raised = raised.over(requireNonNull(claim.approval()).expiresAt().plus(prune.skew()));
        }
        append(Entry.of(raised)
                .with(prune.leaf(), requireNonNull(log), null)
                .without(old.stream().map(Claim::nonceKey).toList()));
        return applied(prune).withRows(old.size());
    }

    private Outcome erase(Write.EraseResults erase) throws IOException {
        List<StoredExecution> old = rows.all(row -> row.isErasable(erase.endedBefore()))
                .sorted(BY_ID)
                .limit(erase.limit())
                .map(StoredExecution::withoutResult)
                .toList();
        append(Entry.of(floors).with(erase.leaf(), requireNonNull(log), null).with(old));
        return applied(erase).withRows(old.size());
    }

    private Outcome applied(Write write) {
        return Outcome.applied(write.leaf() == null ? -1 : requireNonNull(log).size() - 1);
    }

    private void append(Entry entry) throws IOException {
        file.append(entry.json());
        apply(entry);
    }

    private void apply(Entry entry) {
        if (entry.ledger() != null) {
            opened = entry.ledger();
            log = new InMemoryLog(opened.ledgerId(), logKey);
        }
        floors = entry.floors();
        String receipt = entry.leaf();
        if (receipt != null) {
            requireNonNull(log).append(previous -> receipt, entry.about());
        }
        if (entry.cosigned() != null) {
            requireNonNull(log).keep(entry.cosigned());
        }
        entry.removed().forEach(this::remove);
        entry.rows().forEach(this::put);
    }

    private void put(StoredExecution row) {
        if (!row.isRunning()) {
            owners.remove(row.claim().token());
        }
        rows.put(row);
    }

    private void remove(Digest nonceKey) {
        rows.remove(nonceKey).ifPresent(row -> owners.remove(row.claim().token()));
    }
}
