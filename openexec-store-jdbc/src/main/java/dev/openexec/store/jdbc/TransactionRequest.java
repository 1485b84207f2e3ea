package dev.openexec.store.jdbc;

import dev.openexec.store.Change;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore.Work;
import dev.openexec.store.Outcome;
import dev.openexec.store.Outcome.Verdict;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A claim, what its action does, and its ending, in one transaction that holds nothing else. The action is entered once: if
 * the transaction fails after that, what is left of it is settled instead, in a transaction of its own.
 */
final class TransactionRequest extends WriteRequest {

    private final Claim claim;
    private final Duration budget;
    private final Executor thread;
    private final Work work;

    /** What is to be recorded if the transaction is gone; null before the action is entered. */
    private @Nullable Ending ifLost;

    TransactionRequest(Claim claim, String bootId, InstantSource clock, Duration budget, Executor thread, Work work) {
        super(new Write.Insert(claim, null, null), bootId, clock);
        this.claim = claim;
        this.budget = budget;
        this.thread = thread;
        this.work = work;
    }

    @Override
    boolean alone() {
        return true;
    }

    @Override
    Outcome perform(Session session) throws SQLException {
        Ending owed = ifLost;
        if (owed != null) {
            return settle(session, owed);
        }
        Optional<StoredExecution> before = row(session);
        if (before.isPresent()) {
            return standing(before.get());
        }
        Outcome claimed = super.perform(session);
        return claimed.verdict() == Verdict.APPLIED ? enter(session) : claimed;
    }

    /** It is answered with its row, which has ended: nobody else could commit one that has not. */
    @Override
    Optional<Outcome> done(Session session) throws SQLException {
        return row(session).filter(this::isOurs).filter(row -> !row.isRunning()).map(Outcome::recorded);
    }

    private Outcome enter(Session session) throws SQLException {
        Effects effects = Effects.begin(session);
        Guard guard = session.guarding(claim.executionId(), effects);
        ifLost = Ending.indeterminate(now(), "transaction-lost");
        Ending ending = lend(guard);
        guard.close();
        if (guard.isBroken()) {
            throw new SQLException("The transaction ended before its action did");
        }
        if (ending.state() == Ending.State.SUCCEEDED) {
            effects.release();
        } else {
            effects.rollBack();
        }
        if (change(session, end(ending), now()).verdict() != Verdict.APPLIED) {
            throw new SQLException("The claim is gone from its own transaction");
        }
        session.requireSettings();
        ifLost = Ending.failed(now(), "not-committed");
        return Outcome.recorded(new StoredExecution(claim, 1, ending));
    }

    private Ending lend(Guard guard) {
        try {
            return new Loan(claim.executionId(), work, budget, clock()).lend(guard.connection(), thread);
        } catch (RuntimeException | Error e) {
            ifLost = null; // it was not entered
            throw e;
        }
    }

    /**
     * The action was entered, and its transaction gave no answer or an error. Where a row of ours stands that has ended, it
     * was committed. Where none stands it was not, and never will be: then its key is taken by the failure. And a row that is
     * still running was committed by somebody who could not be: nobody knows what else was.
     */
    private Outcome settle(Session session, Ending owed) throws SQLException {
        Outcome outcome = insert(session, new Write.Insert(claim, owed, work.receipt(owed)), now());
        Optional<StoredExecution> row = row(session);
        if (row.isEmpty() || !isOurs(row.get())) {
            return outcome;
        }
        if (row.get().isRunning()) {
            Ending unknown = Ending.indeterminate(now(), "transaction-lost");
            change(session, end(unknown), now());
            return Outcome.recorded(new StoredExecution(claim, 1, unknown));
        }
        return Outcome.recorded(row.get());
    }

    private Outcome standing(StoredExecution row) {
        return isOurs(row) && !row.isRunning() ? Outcome.recorded(row) : Outcome.lost(Optional.of(row));
    }

    private boolean isOurs(StoredExecution row) {
        return row.claim().token().equals(claim.token());
    }

    private Optional<StoredExecution> row(Session session) throws SQLException {
        return Rows.find(session, List.of(claim.nonceKey()));
    }

    private Change.End end(Ending ending) {
        return new Change.End(claim.nonceKey(), claim.token(), 1, ending, work.receipt(ending));
    }
}
