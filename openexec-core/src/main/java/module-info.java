/** Executes only what has been approved, at most once, and leaves evidence that anyone can check. */
module dev.openexec.core {
    requires com.fasterxml.jackson.databind;
    requires org.bouncycastle.provider;
    requires transitive java.sql;
    requires static org.jspecify;

    exports dev.openexec;
    exports dev.openexec.action;
    exports dev.openexec.approval;
    exports dev.openexec.evidence;
    exports dev.openexec.json;
    exports dev.openexec.store;

    uses dev.openexec.action.Action;
}
