package dev.openexec.examples.agent;

/**
 * What the model is told about a call.
 *
 * @param callId the id of the call
 * @param status what became of it, for the program
 * @param text the same for the model, with what to do about it
 */
record ToolResult(String callId, Status status, String text) {

    /** What became of a call. */
    enum Status {
        /** It happened, once, however often the call was proposed. */
        DONE("done", ""),
        /** Nobody has approved it yet. The program proposes the same call again once somebody may have. */
        WAITING("waiting", "It runs once somebody has approved it. Do not call it again, and tell the user."),
        /** The boundary said no. */
        REFUSED("refused", "It was not run. The same call would be refused again: correct it, or tell the user."),
        /** The id was used for another call, or for this one under another approval, which ran or may have. */
        SPENT("not run", "Something ran, or may have, under this id before. Do not call it again, and tell the user."),
        /** It definitely did not happen, and this call is spent. */
        FAILED("failed", "It did not happen. To try again make a new call, which needs a new approval."),
        /** It may be happening right now. The program proposes the same call again. */
        UNSETTLED("not known yet", "It may be happening. Do not make a new call for it: you will hear how it ended."),
        /** It may have happened. Nobody will ever run it again. */
        UNKNOWN(
                "not known",
                "It may have happened. Do not call it again. Tell the user that a person has to find out."),
        /** The executor or its ledger cannot take it now. The program proposes the same call again. */
        UNAVAILABLE("not now", "It was not started. Do not make a new call for it: it will be tried again.");

        private final String word;
        private final String instruction;

        Status(String word, String instruction) {
            this.word = word;
            this.instruction = instruction;
        }

        /** Whether proposing the same call again, with the same id, is what the program should do. */
        boolean sameCallAgain() {
            return this == WAITING || this == UNSETTLED || this == UNAVAILABLE;
        }
    }

    static ToolResult of(ToolCall call, Status status, String detail) {
        String separator = status.instruction.isEmpty() ? "" : ". ";
        return new ToolResult(call.id(), status, status.word + ": " + detail + separator + status.instruction);
    }
}
