package dev.openexec.store;

import dev.openexec.approval.Authority;
import dev.openexec.json.Digest;
import org.jspecify.annotations.Nullable;

/**
 * One guarded change of the ledger: guard, row change and leaf happen in one durable transaction, or not at all. The
 * leaf, where there is one, is appended to the ledger's log exactly when the guard held.
 */
public sealed interface Write {

    /** {@return the text whose UTF-8 bytes are appended to the log, or null} */
    @Nullable String leaf();

    /**
     * A new row: a claim, without an ending, or an execution that is recorded in one commit, with its ending.
     * The guard: no row stands under any of {@link Claim#keys()}; a signed claim has not expired, is issued at or
     * after the issue floor and expires after the expiry floor; an unsigned one only on a ledger that was never opened in
     * signed mode.
     *
     * @param claim the row
     * @param ending its ending, or null while it runs
     * @param leaf what is appended to the log, or null
     */
    record Insert(
            Claim claim, @Nullable Ending ending, @Nullable String leaf) implements Write {

        /**
         * Checks that it is ours to write.
         *
         * @throws IllegalArgumentException if the claim is an imported one: it was made, and ran, elsewhere
         */
        public Insert {
            if (claim.authority() == Authority.IMPORTED) {
                throw new IllegalArgumentException("Imported rows are imported, not claimed");
            }
        }
    }

    /**
     * The ending of a claim. The guard: the row stands under this nonce key, is running, and carries this
     * token and attempt.
     *
     * @param nonceKey the row's nonce key
     * @param token the claim's token
     * @param attempt the attempt that ended, 1 for the first
     * @param ending how it ended
     * @param leaf what is appended to the log, or null
     */
    record End(
            Digest nonceKey,
            String token,
            int attempt,
            Ending ending,
            @Nullable String leaf) implements Write {}

    /** A heartbeat that changes no execution: it shows that a claim would be durable now. */
    record Beat() implements Write {
        @Override
        public @Nullable String leaf() {
            return null;
        }
    }
}
