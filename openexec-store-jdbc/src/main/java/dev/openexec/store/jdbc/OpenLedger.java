package dev.openexec.store.jdbc;

import dev.openexec.store.Outcome;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A ledger while it is open: its boot lock, its writer and its reader. */
final class OpenLedger {

    private final LedgerFile file;
    private final InstantSource clock;
    private final String bootId;
    private final String ledgerId;
    private final HeadFile head;
    private final Writer writer;
    private final Lane<WriteRequest> writes;
    private final Lane<Request<?>> reads;

    OpenLedger(Sessions sessions, InstantSource clock, String bootId, HeadFile head, long commitSeq) {
        this.file = sessions.file();
        this.ledgerId = sessions.ledgerId();
        this.clock = clock;
        this.bootId = bootId;
        this.head = head;
        writer = new Writer(sessions, bootId, head, commitSeq);
        writes = new Lane<>("openexec-ledger-writer", writer);
        reads = new Lane<>("openexec-ledger-reader", new Reader(sessions));
        writes.start();
        reads.start();
    }

    String ledgerId() {
        return ledgerId;
    }

    CompletableFuture<Outcome> write(Write write) {
        WriteRequest request = new WriteRequest(write, bootId);
        return writes.offer(request) ? request.stage() : SqliteStore.notOpen();
    }

    <T> CompletableFuture<T> ask(Request<T> request) {
        return reads.offer(request) ? request.stage() : SqliteStore.notOpen();
    }

    CompletableFuture<List<StoredExecution>> orphans(int limit) {
        return ask(new Orphans(file, clock, limit));
    }

    /** The reader first, so that the writer's connection is the last and moves the log into the database. */
    void close() {
        reads.close();
        writes.close();
        try {
            if (writer.settled()) {
                BootLock.delete(file.boot(bootId));
            } else {
                BootLock.release(file.boot(bootId));
            }
            head.close();
        } catch (IOException e) {
            Failures.LOG.log(Level.WARNING, "The ledger does not close cleanly: {0}", Failures.name(e));
        }
    }
}
