package dev.openexec.store.jdbc;

import dev.openexec.store.StoreException;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Something asked of the ledger: done inside a transaction, answered after its commit. */
abstract class Request<T> {

    private final CompletableFuture<T> stage = new CompletableFuture<>();
    private @Nullable T answer;
    private boolean commitTried;

    /** What is more urgent is done first; 0 is the most urgent. */
    int urgency() {
        return 0;
    }

    /** Whether no other may be in the same transaction. */
    boolean alone() {
        return false;
    }

    /** About how many bytes it holds. */
    long size() {
        return 0;
    }

    /** Does it, in the transaction that is open. May be called again if that transaction failed. */
    abstract T perform(Session session) throws SQLException;

    final void run(Session session) throws SQLException {
        answer = perform(session);
    }

    final void commitTried() {
        commitTried = true;
    }

    /** Whether it may be durable although no answer came: a COMMIT that held it has been sent. */
    final boolean mayBeCommitted() {
        return commitTried;
    }

    /** The transaction is durable. */
    final void committed() {
        stage.complete(answer);
    }

    final void complete(T other) {
        stage.complete(other);
    }

    final void fail(StoreException reason) {
        stage.completeExceptionally(reason);
    }

    final CompletableFuture<T> stage() {
        return stage;
    }
}
