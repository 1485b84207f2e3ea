package dev.openexec.store.jdbc;

import dev.openexec.store.Claim;
import dev.openexec.store.ExecutionStore.Orphan;
import dev.openexec.store.ExecutionStore.Work;
import dev.openexec.store.Outcome;
import dev.openexec.store.ReceiptLog;
import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import dev.openexec.store.Write;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A ledger while it is open: its writer, its reader, and what is asked of them. */
final class OpenLedger {

    /** More than any sensible number of permits. Endings are always accepted: what they tell has happened. */
    private static final int MAX_WAITING = 16_384;

    private final LedgerFile file;
    private final String ledgerId;
    private final Instant issueFloor;
    private final InstantSource clock;
    private final Writer writer;
    private final LogSigner signer;
    private final Lane<WriteRequest> writes;
    private final Lane<Request<?>> reads;
    private final SoleClassLoader sole;

    OpenLedger(
            LedgerFile file,
            Meta meta,
            InstantSource clock,
            Writer writer,
            LogSigner signer,
            Reader reader,
            SoleClassLoader sole) {
        this.file = file;
        this.ledgerId = meta.ledgerId();
        this.issueFloor = meta.floors().issue();
        this.clock = clock;
        this.writer = writer;
        this.signer = signer;
        this.sole = sole;
        writes = new Lane<>("openexec-ledger-writer", writer);
        reads = new Lane<>("openexec-ledger-reader", reader);
        writes.start();
        reads.start();
    }

    String ledgerId() {
        return ledgerId;
    }

    Instant issueFloor() {
        return issueFloor;
    }

    CompletableFuture<Outcome> write(Write write) {
        return send(new WriteRequest(write, writer.bootId(), clock));
    }

    CompletableFuture<Outcome> transact(Claim claim, Duration budget, Executor thread, Work work) {
        return send(new TransactionRequest(claim, writer.bootId(), clock, budget, thread, work));
    }

    private CompletableFuture<Outcome> send(WriteRequest request) {
        if (!request.isOwed() && writes.waiting() >= MAX_WAITING) {
            return overloaded();
        }
        return writes.offer(request) ? request.stage() : SqliteStore.notOpen();
    }

    <T> CompletableFuture<T> ask(Request<T> request) {
        if (reads.waiting() >= MAX_WAITING) {
            return overloaded();
        }
        return reads.offer(request) ? request.stage() : SqliteStore.notOpen();
    }

    <T> CompletableFuture<T> log(Function<ReceiptLog, T> question) {
        return ask(new Find<>(session -> answer(session, question))).thenApply(Supplier::get);
    }

    /** What a question throws is its own affair; what the ledger throws is not. */
    private <T> Supplier<T> answer(Session session, Function<ReceiptLog, T> question) throws SQLException {
        try {
            T answer = question.apply(new SqlLog(session, signer.log(), signer));
            return () -> answer;
        } catch (SqlLog.Unreadable e) {
            throw e.reason();
        } catch (RuntimeException e) {
            return () -> {
                throw e;
            };
        }
    }

    CompletableFuture<List<Orphan>> orphans(@Nullable UUID after, int limit) {
        return ask(new Orphans(file, clock, after, limit));
    }

    /** The reader first: the last connection to close moves the log into the database, and only the writer writes. */
    void close() {
        reads.close();
        writes.close();
        sole.close();
    }

    private static <T> CompletableFuture<T> overloaded() {
        return CompletableFuture.failedFuture(
                new StoreException(Reason.STORE_UNAVAILABLE, "Too much is waiting for the ledger"));
    }
}
