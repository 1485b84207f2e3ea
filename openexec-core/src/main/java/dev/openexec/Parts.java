package dev.openexec;

import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.Receipts;

/**
 * What an executor consists of, put together.
 *
 * @param resources what its requests share
 * @param lifecycle how it begins and ends
 * @param intake where requests come in
 * @param admission what it can execute
 * @param path what a request goes along
 * @param log of its receipts
 */
record Parts(
        Resources resources,
        Lifecycle lifecycle,
        Intake intake,
        Admission admission,
        ExecutionPath path,
        ExecutionLog log) {

    /** Opens the store, and leaves it open only if everything is at work. */
    static Parts open(ExecutionStore store, ApprovalPolicy policy, Options options) {
        ActionRegistry actions = new ActionRegistry(options.actions);
        actions.requireExecutableOn(store);
        ExecutionStore.Opened opened = store.open(policy.signed(), options.clock);
        Parts parts;
        try {
            parts = of(store, opened, policy, actions, options);
        } catch (RuntimeException | Error e) { // no threads, for one: the ledger may not stay locked
            store.close();
            throw e;
        }
        parts.lifecycle.start();
        return parts;
    }

    private static Parts of(
            ExecutionStore store,
            ExecutionStore.Opened opened,
            ApprovalPolicy policy,
            ActionRegistry actions,
            Options options) {
        Resources resources = new Resources(options);
        Timer timer = resources.timer();
        Intake intake = new Intake(resources.permits(), options, timer, resources.listeners());
        Authorization authorization = new Authorization(policy, options.clock);
        Admission admission = new Admission(options.allowList, actions);
        Receipts receipts = new Receipts(opened.ledgerId());
        Claims claims = new Claims(store, opened.ledgerId(), receipts, options.clock, resources.threads());
        Runner runner = new Runner(options.clock, options.hardDeadline);
        Transactions transactions = new Transactions(store, receipts, runner, options.transactionBudget);
        HardDeadline deadline = new HardDeadline(options, timer, resources.threads(), claims);
        Retry retry = new Retry(intake, authorization, admission, claims, runner, deadline, resources.threads());
        Recovery recovery = new Recovery(
                store, receipts, options.clock, retry::of, resources.threads().continuations());
        Refusals refusals = new Refusals(store, receipts, options.clock);
        WaitingRoom room = WaitingRoom.besides(options.maxConcurrent);
        Standing standing = new Standing(store, options.clock, recovery, room, timer);
        Ledger ledger = new Ledger(store, opened.issueFloor(), receipts, options.clock, claims, standing);
        return new Parts(
                resources,
                new Lifecycle(store, opened.durable(), recovery, refusals, claims, resources, options.drainBudget),
                intake,
                admission,
                new ExecutionPath(
                        authorization,
                        admission,
                        new InFlight(room, timer),
                        ledger,
                        runner,
                        deadline,
                        refusals,
                        transactions),
                new ExecutionLog(store));
    }
}
