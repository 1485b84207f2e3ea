package dev.openexec.examples.journal;

import dev.openexec.json.Digest;
import dev.openexec.store.Claim;
import dev.openexec.store.ExecutionStore.Opened;
import dev.openexec.store.Outcome;
import dev.openexec.store.Outcome.Verdict;
import dev.openexec.store.SpentApproval;
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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A ledger that this process has open: what its file says, and the guards. A change is first made on the disk and then, by
 * the same entry, in memory, so that memory is what a restart would find. One lock lets nothing come in between.
 */
final class Ledger {

    private static final Map<Path, Ledger> OPEN = new HashMap<>();
    private static final Instant EXPIRY_FLOOR = Instant.EPOCH; // nothing is ever pruned

    private final Path path;
    private final JournalFile file;
    private final Set<JournalStore> stores = new HashSet<>();
    private final Map<Digest, StoredExecution> byKey = new HashMap<>();
    private final Map<Digest, @Nullable JournalStore> runningUnder = new HashMap<>(); // null: a process that is dead
    private @Nullable Opened opened;
    private boolean signed;
    private long leaves;

    private Ledger(Path path) throws IOException {
        this.path = path;
        file = JournalFile.open(path);
        try {
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
        if (this.signed && !signed) {
            throw new StoreException(Reason.LEDGER_IS_SIGNED, "The journal was opened in signed mode before");
        }
        if (opened == null) {
            String id = UUID.randomUUID().toString().replace("-", "");
            Opened made = new Opened(id, now.truncatedTo(ChronoUnit.SECONDS), true);
            append(new Entry(made, null, null, null));
        }
        if (signed && !this.signed) {
            append(Entry.SIGNED);
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
        return Objects.requireNonNull(opened);
    }

    synchronized boolean isSynced() {
        return file.isSynced();
    }

    synchronized Optional<StoredExecution> find(List<Digest> keys) {
        return keys.stream().map(byKey::get).filter(Objects::nonNull).findFirst();
    }

    synchronized List<StoredExecution> orphans(int limit) {
        return runningUnder.entrySet().stream()
                .filter(running -> !stores.contains(running.getValue()))
                .map(running -> Objects.requireNonNull(byKey.get(running.getKey())))
                .sorted(Comparator.comparing(row -> row.claim().claimedAt()))
                .limit(limit)
                .toList();
    }

    synchronized Outcome write(Write write, JournalStore store, Instant now) throws IOException {
        if (write instanceof Write.Insert insert) {
            return insert(insert, store, now);
        }
        if (write instanceof Write.End end) {
            return end(end);
        }
        append(Entry.HEARTBEAT);
        return Outcome.applied(-1);
    }

    private Outcome insert(Write.Insert insert, JournalStore store, Instant now) throws IOException {
        Claim claim = insert.claim();
        Optional<StoredExecution> standing = find(claim.keys());
        if (standing.isPresent()) {
            boolean ours = standing.get().claim().token().equals(claim.token());
            return ours ? Outcome.applied(-1) : Outcome.lost(standing);
        }
        Verdict refusal = refusal(claim.approval(), now);
        if (refusal != null) {
            return Outcome.refused(refusal);
        }
        Outcome applied = put(new StoredExecution(claim, 1, insert.ending()), insert.leaf());
        runningUnder.replace(claim.nonceKey(), store);
        return applied;
    }

    private @Nullable Verdict refusal(@Nullable SpentApproval approval, Instant now) {
        if (approval == null) {
            return signed ? Verdict.SIGNED_LEDGER : null;
        }
        if (approval.hasExpiredAt(now)) {
            return Verdict.EXPIRED;
        }
        if (!approval.expiresAt().isAfter(EXPIRY_FLOOR)) {
            return Verdict.BEHIND_EXPIRY_FLOOR;
        }
        return approval.issuedAt().isBefore(opened().issueFloor()) ? Verdict.BEFORE_ISSUE_FLOOR : null;
    }

    private Outcome end(Write.End end) throws IOException {
        StoredExecution row = byKey.get(end.nonceKey());
        if (row == null || !row.claim().token().equals(end.token()) || row.attempt() != end.attempt()) {
            return Outcome.lost(Optional.ofNullable(row));
        }
        if (row.ending() != null) {
            return row.ending().equals(end.ending()) ? Outcome.applied(-1) : Outcome.lost(Optional.of(row));
        }
        return put(new StoredExecution(row.claim(), row.attempt(), end.ending()), end.leaf());
    }

    private Outcome put(StoredExecution row, @Nullable String leaf) throws IOException {
        append(new Entry(null, null, row, leaf));
        return Outcome.applied(leaf == null ? -1 : leaves - 1);
    }

    private void append(Entry entry) throws IOException {
        file.append(entry.json());
        apply(entry);
    }

    private void apply(Entry entry) {
        opened = entry.ledger() == null ? opened : entry.ledger();
        signed |= entry.signed() != null;
        leaves += entry.leaf() == null ? 0 : 1;
        StoredExecution row = entry.row();
        if (row == null) {
            return;
        }
        Claim claim = row.claim();
        byKey.put(claim.nonceKey(), row);
        if (claim.approval() != null) {
            byKey.put(claim.approval().key(), row);
        }
        if (row.ending() == null) {
            runningUnder.put(claim.nonceKey(), null);
        } else {
            runningUnder.remove(claim.nonceKey());
        }
    }
}
