package dev.openexec.store;

import org.jspecify.annotations.Nullable;

/**
 * A row of the ledger.
 *
 * @param claim what was known before its action was entered
 * @param attempt 1 for the first entry
 * @param ending null while it is running
 */
public record StoredExecution(
        Claim claim, int attempt, @Nullable Ending ending) {}
