package dev.openexec.store;

import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.evidence.LogKey;
import dev.openexec.evidence.TreeEdge;
import dev.openexec.json.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The one log of a store that keeps everything in memory. Not thread-safe: it lives under the store's own lock. */
public final class InMemoryLog implements ReceiptLog {

    private static final long FIRST = 1;

    private final LogKey key;
    private final TreeEdge edge = TreeEdge.empty();
    private final List<String> receipts = new ArrayList<>();
    private final Map<Integer, List<Digest>> subtrees = new HashMap<>();
    private final Map<UUID, LogPosition> last = new HashMap<>();
    private @Nullable String cosigned;

    /**
     * An empty log.
     *
     * @param ledgerId of the ledger
     * @param key signs its checkpoints
     */
    public InMemoryLog(String ledgerId, Ed25519SigningKey key) {
        this.key = new LogKey(LogPosition.origin(ledgerId, FIRST), key);
    }

    /**
     * {@return the index of a receipt that is appended}
     *
     * @param leaf the receipt
     * @param executionId what it is about; null if it is about no execution
     */
    public long append(Leaf leaf, @Nullable UUID executionId) {
        LogPosition position = new LogPosition(FIRST, edge.size());
        String text = leaf.after(executionId == null ? null : last.get(executionId));
        edge.append(
                text,
                (level, index, root) -> subtrees.computeIfAbsent(level, any -> new ArrayList<>())
                        .add(root));
        receipts.add(text);
        if (executionId != null) {
            last.put(executionId, position);
        }
        return position.index();
    }

    /**
     * Keeps a checkpoint that was cosigned.
     *
     * @param write what brings it
     */
    public void keep(Write.Cosigned write) {
        cosigned = write.checkpoint();
    }

    /** {@return how many receipts there are} */
    public long size() {
        return edge.size();
    }

    @Override
    public long current() {
        return FIRST;
    }

    @Override
    public List<Long> logs() {
        return List.of(FIRST);
    }

    @Override
    public Head head(long log) {
        return new Head(key.verifierKey().toString(), edge.size(), key.checkpoint(edge.size(), edge.root()));
    }

    @Override
    public Optional<Head> cosigned(long log) {
        return Optional.ofNullable(cosigned)
                .map(checkpoint -> Head.of(key.verifierKey().toString(), checkpoint));
    }

    @Override
    public List<String> receipts(LogPosition first, int count) {
        int from = Math.toIntExact(first.index());
        return List.copyOf(receipts.subList(from, from + count));
    }

    @Override
    public List<Digest> subtrees(long log, int level, long first, int count) {
        int from = Math.toIntExact(first);
        return List.copyOf(subtrees.getOrDefault(level, List.of()).subList(from, from + count));
    }

    @Override
    public Optional<LogPosition> lastOf(UUID executionId) {
        return Optional.ofNullable(last.get(executionId));
    }
}
