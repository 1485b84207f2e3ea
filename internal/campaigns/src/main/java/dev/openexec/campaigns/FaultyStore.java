package dev.openexec.campaigns;

import dev.openexec.json.Digest;
import dev.openexec.store.Change;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.Leaf;
import dev.openexec.store.Outcome;
import dev.openexec.store.ReceiptLog;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import java.sql.Connection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A store, with places around its writes. It names the phase that the places inside of its transactions belong to. */
final class FaultyStore implements ExecutionStore {

    private final ExecutionStore real;

    FaultyStore(ExecutionStore real) {
        this.real = real;
    }

    @Override
    public Opened open(boolean signed, InstantSource clock) {
        Phase.enter("opening");
        Opened opened = real.open(signed, clock);
        Phase.enter("recovery");
        return opened;
    }

    @Override
    public CompletionStage<Outcome> write(Write write) {
        if (write instanceof Write.Beat) {
            return real.write(write);
        }
        Phase.enter(phase(write));
        Faults.reached(Phase.place("sent"));
        return real.write(write).whenComplete((outcome, failure) -> Faults.reached(Phase.place("answered")));
    }

    private static String phase(Write write) {
        if (write instanceof Write.Insert insert && insert.ending() == null) {
            return "claim";
        }
        if (write instanceof Change.Retry) {
            return "retry";
        }
        if (write instanceof Write.Prune) {
            return "prune";
        }
        return write instanceof Change.Withdraw ? "withdrawal" : "completion";
    }

    @Override
    public boolean transactional() {
        return real.transactional();
    }

    /** Until its action is entered it is a claim, and a completion from its end on. */
    @Override
    public CompletionStage<Outcome> transact(Claim claim, Duration budget, Executor thread, Work work) {
        Phase.enter("claim");
        Faults.reached(Phase.place("sent"));
        Work watched = new Work() {
            @Override
            public Ending in(Connection connection) throws Exception {
                Phase.goOn("action");
                try {
                    return work.in(connection);
                } finally {
                    Phase.goOn("completion");
                }
            }

            @Override
            public @Nullable Leaf receipt(Ending ending) {
                return work.receipt(ending);
            }
        };
        return real.transact(claim, budget, thread, watched)
                .whenComplete((outcome, failure) -> Faults.reached(Phase.place("answered")));
    }

    @Override
    public <T> CompletionStage<T> log(Function<ReceiptLog, T> question) {
        return real.log(question);
    }

    @Override
    public CompletionStage<Optional<StoredExecution>> find(List<Digest> keys) {
        return real.find(keys);
    }

    @Override
    public CompletionStage<Optional<StoredExecution>> execution(UUID executionId) {
        return real.execution(executionId);
    }

    @Override
    public CompletionStage<List<StoredExecution>> executions(@Nullable UUID after, int limit) {
        return real.executions(after, limit);
    }

    @Override
    public CompletionStage<List<Orphan>> orphans(@Nullable UUID after, int limit) {
        return real.orphans(after, limit);
    }

    @Override
    public void close() {
        Phase.enter("closing");
        real.close();
    }
}
