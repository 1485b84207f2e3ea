package dev.openexec;

import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.store.ExecutionStore;

/**
 * What an executor consists of, put together.
 *
 * @param lifecycle what lives and dies with it
 * @param intake where requests come in
 * @param admission what it can execute
 * @param path what a request goes along
 */
record Parts(Lifecycle lifecycle, Intake intake, Admission admission, ExecutionPath path) {

    static Parts of(
            ExecutionStore store,
            ExecutionStore.Opened opened,
            ApprovalPolicy policy,
            ActionRegistry actions,
            Options options) {
        Timer timer = new Timer();
        WaitingRoom room = WaitingRoom.besides(options.maxConcurrent);
        Recovery recovery = new Recovery(store, options.clock);
        Standing standing = new Standing(store, options.clock, recovery, room, timer);
        Ledger ledger = new Ledger(store, opened, options.clock, standing);
        Lifecycle lifecycle = new Lifecycle(store, opened.durable(), recovery, ledger, timer, options);
        Admission admission = new Admission(options.allowList, actions);
        ExecutionPath path = new ExecutionPath(
                new Authorization(policy, options.clock),
                admission,
                new InFlight(room, timer),
                ledger,
                new Runner(options.clock, options.hardDeadline),
                new HardDeadline(options, timer, lifecycle.threads(), ledger));
        Intake intake = new Intake(lifecycle.permits(), options, timer, lifecycle.listeners());
        return new Parts(lifecycle, intake, admission, path);
    }
}
