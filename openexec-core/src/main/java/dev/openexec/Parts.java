package dev.openexec;

import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.store.ExecutionStore;
import java.util.concurrent.CompletionStage;

/** What an executor consists of, put together. */
final class Parts {

    final Authorization authorization;
    final Admission admission;
    final InFlight inFlight;
    final Ledger ledger;
    final Transactions transactions;
    private final Runner runner;
    final Resources resources;
    final Intake intake;
    final Lifecycle lifecycle;

    private Parts(
            ExecutionStore store,
            ExecutionStore.Opened opened,
            ApprovalPolicy policy,
            ActionRegistry actions,
            Options options) {
        resources = new Resources(options);
        intake = new Intake(resources.permits(), options.waitBudget, resources.listeners());
        authorization = new Authorization(policy, options.clock);
        admission = new Admission(options.allowList, actions);
        inFlight = new InFlight();
        runner = new Runner(options.clock);
        transactions = new Transactions(store, runner, options.transactionBudget);
        Claims claims = new Claims(store, opened.ledgerId(), options.clock);
        Rerun rerun = new Rerun(intake, authorization, admission, claims, runner, resources.threads());
        Recovery recovery = new Recovery(
                store, options.clock, rerun::of, resources.threads().continuations());
        Standing standing = new Standing(store, options.clock, recovery);
        ledger = new Ledger(store, opened.issueFloor(), options.clock, claims, standing);
        lifecycle = new Lifecycle(store, opened.durable(), recovery, claims, resources, options.drainBudget);
    }

    /** Opens the store, and leaves it open only if everything is at work. */
    static Parts open(ExecutionStore store, ApprovalPolicy policy, Options options) {
        ActionRegistry actions = new ActionRegistry(options.actions, store);
        Parts parts = assemble(store, store.open(policy.signed(), options.clock), policy, actions, options);
        parts.lifecycle.start();
        return parts;
    }

    /** Stages 4 and 5, which are one for an action that runs inside a transaction. */
    CompletionStage<Execution> finish(Entry entry, Attempt attempt) {
        if (entry.kind() == Kind.TRANSACTIONAL) {
            return transactions
                    .run(entry, attempt)
                    .thenComposeAsync(
                            outcome -> ledger.transacted(entry, outcome, attempt),
                            attempt.threads().continuations());
        }
        return runner.run(entry, attempt).thenCompose(ending -> ledger.end(entry, ending, attempt));
    }

    private static Parts assemble(
            ExecutionStore store,
            ExecutionStore.Opened opened,
            ApprovalPolicy policy,
            ActionRegistry actions,
            Options options) {
        try {
            return new Parts(store, opened, policy, actions, options);
        } catch (RuntimeException | Error e) { // no threads, for one: the ledger may not stay locked
            store.close();
            throw e;
        }
    }
}
