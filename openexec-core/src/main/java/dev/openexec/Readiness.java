package dev.openexec;

import java.util.List;

/**
 * Whether a claim would be durable now.
 *
 * @param durable false for a ledger that is lost with the process
 * @param reasons stable names of what stands in the way; empty exactly when ready
 */
public record Readiness(boolean durable, List<String> reasons) {

    /** Copies the reasons. */
    public Readiness {
        reasons = List.copyOf(reasons);
    }

    /** {@return whether nothing stands in the way} */
    public boolean ready() {
        return reasons.isEmpty();
    }
}
