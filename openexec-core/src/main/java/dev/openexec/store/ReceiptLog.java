package dev.openexec.store;

import dev.openexec.json.Digest;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The ledger's logs as they are at one moment. For the thread only that is given it, and only while it is. */
public interface ReceiptLog {

    /** {@return the log that is appended to; those before it belong to copies that were restored} */
    long current();

    /**
     * {@return how far a log is}
     *
     * @param log 1 to the current one
     */
    Head head(long log);

    /**
     * How far a log is, and who says so.
     *
     * @param key the log's verifier key (C2SP signed-note)
     * @param size how many receipts the checkpoint covers: of the current log, all that are durable
     * @param checkpoint of this size, signed by the key (C2SP tlog-checkpoint)
     */
    record Head(String key, long size, String checkpoint) {}

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
}
