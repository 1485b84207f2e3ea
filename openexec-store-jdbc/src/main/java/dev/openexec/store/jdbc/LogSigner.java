package dev.openexec.store.jdbc;

import dev.openexec.evidence.LogKey;
import dev.openexec.evidence.TreeEdge;
import org.jspecify.annotations.Nullable;

/** Signs how far the log is, once it is durable, and each size once. Thread-safe. */
final class LogSigner {

    private record Signed(long size, String checkpoint) {}

    private final long log;
    private final LogKey key;
    private volatile @Nullable Signed latest;

    LogSigner(long log, LogKey key) {
        this.log = log;
        this.key = key;
    }

    /** Which log it is. */
    long log() {
        return log;
    }

    /** Of a tree that is durable. A tree has only grown if its size differs. */
    String checkpoint(TreeEdge durable) {
        Signed known = latest;
        if (known != null && known.size == durable.size()) {
            return known.checkpoint;
        }
        String checkpoint = key.checkpoint(durable.size(), durable.root());
        latest = new Signed(durable.size(), checkpoint);
        return checkpoint;
    }
}
