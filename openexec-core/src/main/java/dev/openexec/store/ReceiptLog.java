package dev.openexec.store;

import dev.openexec.approval.Authority;
import dev.openexec.evidence.Checkpoint;
import dev.openexec.evidence.Evidence;
import dev.openexec.evidence.TlogProof;
import dev.openexec.evidence.TreeReader;
import dev.openexec.json.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The ledger's logs as they are at one moment. For the thread only that is given it, and only while it is. */
public interface ReceiptLog {

    /** {@return the log that is appended to; those before it belong to copies that were restored} */
    long current();

    /** {@return the numbers of all logs there are, in their order} */
    List<Long> logs();

    /**
     * {@return how far a log is}
     *
     * @param log one of those
     */
    Head head(long log);

    /**
     * How far a log is, and who says so.
     *
     * @param key the log's verifier key (C2SP signed-note)
     * @param size how many receipts the checkpoint covers: of the current log, all that are durable
     * @param checkpoint of this size, signed by the key (C2SP tlog-checkpoint)
     */
    record Head(String key, long size, String checkpoint) {
        /**
         * {@return what a checkpoint says}
         *
         * @param key the log's verifier key
         * @param checkpoint signed by it, whoever cosigned it
         * @throws IllegalArgumentException if it is no checkpoint
         */
        public static Head of(String key, String checkpoint) {
            long size = Checkpoint.claimed(checkpoint)
                    .orElseThrow(() -> new IllegalArgumentException("Not a checkpoint"))
                    .size();
            return new Head(key, size, checkpoint);
        }
    }

    /**
     * {@return how far a log is as witnesses have cosigned it: what {@link Write.Cosigned} brought last; empty if nothing has}
     *
     * @param log one of those
     */
    Optional<Head> cosigned(long log);

    /**
     * {@return neighbouring receipts of one log}
     *
     * @param first where the first stands
     * @param count how many, 1 or more, all of them there
     */
    List<String> receipts(LogPosition first, int count);

    /**
     * {@return the roots of neighbouring subtrees of a log, each of 256 to the power of {@code level} leaves}
     *
     * @param log 1 to the current one
     * @param level 1 or more
     * @param first which of its level, counted from 0
     * @param count how many, 1 to 256, all of them complete
     */
    List<Digest> subtrees(long log, int level, long first, int count);

    /**
     * {@return where the last receipt about an execution stands; empty if there is none}
     *
     * @param executionId of a row
     */
    Optional<LogPosition> lastOf(UUID executionId);

    /**
     * {@return neighbouring hashes of a log's tree}
     *
     * @param log 1 to the current one
     * @param level 0 for those of the receipts, otherwise as of {@link #subtrees}
     * @param first which of its level, counted from 0
     * @param count how many, 1 to 256, all of them there
     */
    default List<Digest> hashes(long log, int level, long first, int count) {
        if (level > 0) {
            return subtrees(log, level, first, count);
        }
        return receipts(new LogPosition(log, first), count).stream()
                .map(receipt -> TreeReader.leaf(receipt.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    /**
     * {@return a log's tree, to read roots and proofs out of it}
     *
     * @param log 1 to the current one
     * @param size how many of its receipts are the leaves
     */
    default TreeReader tree(long log, long size) {
        return new TreeReader((level, first, count) -> hashes(log, level, first, count), size);
    }

    /**
     * {@return what a stranger can check of an execution: its last receipt, the proof that it is in the log, and its documents, which
     * are gone once it is erased}
     * Empty if it has no receipt, as imported executions have none, or if no checkpoint covers that yet. Proven against what
     * witnesses have cosigned, as soon as that covers it.
     *
     * @param row as it was read before
     */
    default Optional<Evidence> evidence(StoredExecution row) {
        Optional<LogPosition> last = lastOf(row.claim().executionId());
        if (last.isEmpty() || row.claim().authority() == Authority.IMPORTED) {
            return Optional.empty();
        }
        long log = last.get().log();
        long index = last.get().index();
        Head head = cosigned(log).filter(known -> index < known.size()).orElseGet(() -> head(log));
        if (index >= head.size()) {
            return Optional.empty();
        }
        TlogProof proof = new TlogProof(index, tree(log, head.size()).inclusion(index), head.checkpoint());
        String receipt = receipts(last.get(), 1).get(0);
        return Optional.of(new Evidence(receipt, proof.text(), Documents.of(row).byName()));
    }
}
