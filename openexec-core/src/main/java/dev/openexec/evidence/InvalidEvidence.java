package dev.openexec.evidence;

import dev.openexec.evidence.Verdict.Why;

/** The evidence is refused. It says why in one word, and repeats nothing of it. */
final class InvalidEvidence extends Exception {

    private final Why why;

    InvalidEvidence(Why why) {
        super(why.label(), null, false, false); // a verdict, not a failure of ours
        this.why = why;
    }

    Why why() {
        return why;
    }
}
