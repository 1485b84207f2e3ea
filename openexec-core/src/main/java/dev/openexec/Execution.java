package dev.openexec;

import dev.openexec.action.Action;
import dev.openexec.json.Json;
import dev.openexec.store.StoredExecution;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * The answer to a request that was executed.
 *
 * @param id the same for every answer to one nonce
 * @param action the name of the action that ran
 * @param result what it returned; {@link Json#spaced()} of it is what the receipt covers
 * @param receipt the version 1 receipt of this result
 * @param replayed true if this answer was recorded for another call, and this call had no effect
 * @param resolved true if a person supplied the result, because nobody knew how it had ended
 */
public record Execution(UUID id, String action, Json result, Receipt receipt, boolean replayed, boolean resolved) {

    /**
     * Compares recorded executions of PURE actions with what the installed actions make of the same payloads now. Nothing is
     * claimed and nothing is recorded. Thread-safe.
     */
    public static final class Audit {

        /** What is found out about one execution. */
        public enum Finding {
            /** It can be evaluated again, and has not been. */
            COMPARABLE,
            /** Evaluated again, it ends as it is recorded, byte for byte. */
            SAME,
            /** Evaluated again, it ends in another way. */
            DIFFERENT,
            /** It was not evaluated by a PURE action, or the action of that name is not PURE now. */
            NOT_PURE,
            /** No action of that name is among those that were named. */
            NOT_INSTALLED,
            /** The action comes from other code by now, or it is not known from which. */
            OTHER_CODE,
            /** There is nothing to compare with: its result was erased, supplied by a person, or could not be recorded. */
            NO_RESULT
        }

        private final Reevaluation reevaluation;

        private Audit(Reevaluation reevaluation) {
            this.reevaluation = reevaluation;
        }

        /**
         * {@return an audit of one ledger by these actions}
         *
         * @param ledgerId the ledger's
         * @param actions each with a name of its own
         * @throws IllegalArgumentException if an action could not be executed
         */
        public static Audit of(String ledgerId, Collection<? extends Action<?>> actions) {
            return new Audit(new Reevaluation(ledgerId, List.copyOf(actions)));
        }

        /**
         * {@return an audit of one ledger by those installed actions that carry these names; see
         * {@link Executor.Builder#discoverActions}}
         *
         * @param ledgerId the ledger's
         * @param names of actions, each once
         * @throws IllegalArgumentException if a name is not there exactly once, or its action cannot be made
         */
        public static Audit ofInstalled(String ledgerId, Collection<String> names) {
            return of(ledgerId, ActionDiscovery.find(names));
        }

        /**
         * {@return what can be found out without running anything: never SAME and never DIFFERENT}
         *
         * @param row of the ledger
         */
        public Finding look(StoredExecution row) {
            return reevaluation.look(row);
        }

        /**
         * {@return what is found out by running the action of a PURE execution again, on the calling thread: never COMPARABLE}
         *
         * @param row of the ledger
         */
        public Finding run(StoredExecution row) {
            return reevaluation.run(row);
        }
    }

    /** Names the execution, never its result. */
    @Override
    public String toString() {
        return "Execution[" + id + "]";
    }
}
