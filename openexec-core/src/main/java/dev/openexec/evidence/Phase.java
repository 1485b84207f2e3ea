package dev.openexec.evidence;

import java.util.regex.Pattern;

/** What a receipt is about. */
enum Phase {
    /** An action may be entered. */
    INTENT("authorized"),
    /** How an execution ended, or that nobody knows, or that its action was never entered. */
    OUTCOME("succeeded|failed|indeterminate|withdrawn"),
    /** How an execution ended, in the words of a person. */
    RESOLUTION("succeeded|failed"),
    /** Something was not executed. */
    REFUSAL("refused"),
    /** An operator changed something; the status is any name. */
    CONTROL(".*");

    private final Pattern statuses;

    Phase(String statuses) {
        this.statuses = Pattern.compile(statuses);
    }

    /** Whether it is about an execution. */
    boolean isOfExecution() {
        return this == INTENT || this == OUTCOME || this == RESOLUTION;
    }

    boolean allows(String status) {
        return statuses.matcher(status).matches();
    }
}
