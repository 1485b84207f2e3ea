package dev.openexec.examples.journal;

import dev.openexec.json.Digest;
import dev.openexec.store.Change;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.Outcome;
import dev.openexec.store.ReceiptLog;
import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An example of how to write a store: a ledger in a file that is only appended to, and in memory as a whole, for one
 * process at a time. Several stores of that process share it ({@code Ledger}).
 *
 * <p>What it does not have, and SqliteStore has: several processes, a memory that does not grow, one sync for many writes,
 * a thread of its own (here the caller waits for the sync), and a head file that gives away an older copy. Nothing is ever
 * removed, and every heartbeat is a line.
 */
public final class JournalStore implements ExecutionStore {

    private final Path path;
    private final Queue<Write> owed = new ArrayDeque<>();
    private InstantSource clock = InstantSource.system();
    private boolean opened;
    private @Nullable Ledger ledger;

    /** A ledger in this file, not opened yet. The file need not exist; its folder must. */
    public JournalStore(Path path) {
        this.path = path;
    }

    @Override
    public synchronized Opened open(boolean signed, InstantSource clock) {
        if (opened) {
            throw new IllegalStateException("A store opens once");
        }
        opened = true;
        this.clock = clock;
        try {
            Ledger entered = Ledger.enter(path, this, signed, clock.instant());
            ledger = entered;
            return entered.opened();
        } catch (IOException e) {
            throw new StoreException(Reason.STORE_UNAVAILABLE, "The ledger does not open: " + e.getMessage(), e);
        }
    }

    @Override
    public CompletionStage<Outcome> write(Write write) {
        return answer(open -> {
            payOwed(open);
            try {
                return open.write(write, this, clock.instant());
            } catch (IOException e) {
                if (write instanceof Change.End || write instanceof Change.Withdraw) {
                    owed.add(write);
                }
                throw e;
            }
        });
    }

    /** They tell what has happened: tried again before everything else, for as long as the store is open. */
    private void payOwed(Ledger open) {
        for (int tries = owed.size(); tries > 0; tries--) {
            Write ending = owed.remove();
            try {
                open.write(ending, this, clock.instant());
            } catch (IOException e) {
                owed.add(ending);
            }
        }
    }

    @Override
    public <T> CompletionStage<T> log(Function<ReceiptLog, T> question) {
        return answer(open -> open.ask(question));
    }

    @Override
    public CompletionStage<Optional<StoredExecution>> find(List<Digest> keys) {
        return answer(open -> open.find(keys));
    }

    @Override
    public CompletionStage<Optional<StoredExecution>> execution(UUID executionId) {
        return answer(open -> open.execution(executionId));
    }

    @Override
    public CompletionStage<List<StoredExecution>> executions(@Nullable UUID after, int limit) {
        return answer(open -> open.executions(after, limit));
    }

    @Override
    public CompletionStage<List<Orphan>> orphans(@Nullable UUID after, int limit) {
        return answer(open -> open.orphans(after, limit));
    }

    @Override
    public synchronized void close() {
        opened = true; // a closed store opens no more
        if (ledger != null) {
            payOwed(ledger);
            try {
                ledger.leave(this);
            } catch (IOException e) {
                throw new StoreException(Reason.STORE_UNAVAILABLE, "The journal does not close", e);
            } finally {
                ledger = null;
            }
        }
    }

    private interface Question<T> {
        T ask(Ledger open) throws IOException;
    }

    private synchronized <T> CompletionStage<T> answer(Question<T> question) {
        Ledger open = ledger;
        if (open == null) {
            return failed(Reason.STORE_UNAVAILABLE, "The store is not open");
        }
        try {
            return CompletableFuture.completedFuture(question.ask(open));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        } catch (IOException e) {
            return open.isSynced()
                    ? failed(Reason.STORE_UNAVAILABLE, "The journal cannot be written")
                    : failed(Reason.CLAIM_UNCONFIRMED, "Whether the journal is durable is not known");
        }
    }

    private static <T> CompletionStage<T> failed(Reason reason, String message) {
        return CompletableFuture.failedFuture(new StoreException(reason, message));
    }
}
