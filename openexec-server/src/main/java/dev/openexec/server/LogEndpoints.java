package dev.openexec.server;

import dev.openexec.ExecutionLog;
import dev.openexec.evidence.Tile;
import dev.openexec.store.LogPosition;
import dev.openexec.store.ReceiptLog;
import dev.openexec.store.StoreException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/** The log and its receipts, for whoever checks them. */
final class LogEndpoints {

    private static final String TILE = "/log/tile/";
    private static final String ENTRIES = TILE + "entries/";
    private static final String RECEIPT = "/receipts/";

    private final ExecutionLog log;
    private final EvidenceThread thread;

    LogEndpoints(ExecutionLog log, EvidenceThread thread) {
        this.log = log;
        this.thread = thread;
    }

    /** For everybody: how far the log is, and who says so. */
    Map<String, Endpoint> anonymous() {
        return Map.of(
                "/log/checkpoint",
                        request ->
                                ask(receipts -> Content.text(current(receipts).checkpoint())),
                "/log/key",
                        request ->
                                ask(receipts -> Content.text(current(receipts).key() + "\n")));
    }

    /**
     * What tells who had what executed. The log in the layout of C2SP tlog-tiles: any monitor of such logs can follow it at
     * {@code /log}.
     */
    Map<String, Endpoint> confidential() {
        return Map.of(
                TILE + "*", request -> tile(request.path().substring(TILE.length())),
                ENTRIES + "*", request -> entries(request.path().substring(ENTRIES.length())),
                RECEIPT + "*", request -> receipt(request.path().substring(RECEIPT.length())));
    }

    private static ReceiptLog.Head current(ReceiptLog receipts) {
        return receipts.head(receipts.current());
    }

    private CompletionStage<Reply> tile(String path) {
        return Tile.at(path)
                .map(tile -> ask(receipts -> hashes(receipts, tile)))
                .orElseGet(LogEndpoints::notFound);
    }

    private static Reply hashes(ReceiptLog receipts, Tile tile) {
        if (!tile.isWithin(current(receipts).size())) {
            return noSuchPart();
        }
        long first = tile.index() * Tile.FULL;
        return Content.octets(Tile.ofHashes(receipts.hashes(receipts.current(), tile.level(), first, tile.width())));
    }

    private CompletionStage<Reply> entries(String path) {
        return Tile.at("0/" + path)
                .map(tile -> ask(receipts -> bundle(receipts, tile)))
                .orElseGet(LogEndpoints::notFound);
    }

    private static Reply bundle(ReceiptLog receipts, Tile tile) {
        if (!tile.isWithin(current(receipts).size())) {
            return noSuchPart();
        }
        LogPosition first = new LogPosition(receipts.current(), tile.index() * Tile.FULL);
        return Content.octets(Tile.ofEntries(receipts.receipts(first, tile.width())));
    }

    private CompletionStage<Reply> receipt(String id) {
        return executionId(id)
                .map(execution -> log.evidence(execution)
                        .thenApplyAsync(
                                found -> found.map(evidence -> (Reply) Content.json(evidence.json()))
                                        .orElseGet(LogEndpoints::noSuchPart),
                                thread)
                        .exceptionally(LogEndpoints::unavailable))
                .orElseGet(LogEndpoints::notFound);
    }

    /** In its one form. */
    private static Optional<UUID> executionId(String text) {
        try {
            return Optional.of(UUID.fromString(text)).filter(id -> id.toString().equals(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private CompletionStage<Reply> ask(Function<ReceiptLog, Reply> question) {
        return log.ask(question).exceptionally(LogEndpoints::unavailable);
    }

    static Reply unavailable(Throwable failure) {
        Throwable cause = failure instanceof CompletionException e && e.getCause() != null ? e.getCause() : failure;
        if (cause instanceof StoreException store) {
            return Problem.of(503, store.reason().problem(), "The ledger cannot be read; ask again")
                    .retryAfter(5);
        }
        if (cause instanceof RejectedExecutionException) {
            return Problem.of(503, "overloaded", "Too much evidence is asked for at once; ask again")
                    .retryAfter(1);
        }
        throw new CompletionException(cause);
    }

    private static CompletionStage<Reply> notFound() {
        return CompletableFuture.completedStage(noSuchPart());
    }

    private static Reply noSuchPart() {
        return Problem.of(404, "not-found", "No such path");
    }
}
