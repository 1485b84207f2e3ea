package dev.openexec.server;

import dev.openexec.Executor;
import dev.openexec.action.Action;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import java.time.InstantSource;
import java.util.List;

/** Settings to objects. */
final class Assembly {

    /** The actions that are always registered. */
    static final List<Action<?>> BUILT_IN = List.of(new Echo(), new Add());

    private Assembly() {}

    /**
     * The executor, its ledger open.
     *
     * @throws ConfigurationException if the settings do not fit what is installed or what is in the ledger
     * @throws StoreException if the ledger is not as it must be
     */
    static Executor executor(Settings settings) throws ConfigurationException {
        InstantSource clock = InstantSource.system();
        ExecutionStore store = settings.ledger().store();
        try {
            Executor.Builder builder =
                    Executor.with(store, settings.policy()).clock(clock).discoverActions(settings.installedActions());
            BUILT_IN.forEach(builder::action);
            settings.allowedActions().ifPresent(builder::allowOnly);
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(List.of(Variable.OPENEXEC_ACTIONS + ": " + e.getMessage()));
        } catch (StoreException e) {
            if (e.reason() == Reason.LEDGER_IS_SIGNED) {
                throw new ConfigurationException(List.of(Variable.OPENEXEC_MODE
                        + ": this ledger has been opened in clawshield mode; accepted: clawshield, or another ledger"));
            }
            throw e;
        }
    }
}
