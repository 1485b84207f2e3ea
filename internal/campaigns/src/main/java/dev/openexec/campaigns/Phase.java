package dev.openexec.campaigns;

/** What the store is about to write: one request at a time, or the names mean nothing. */
public final class Phase {

    private static volatile String current = "opening";
    private static volatile String ofTransaction = current;
    private static volatile boolean serving;

    private Phase() {}

    /** Whatever is written before this is the recovery's. */
    static void serve() {
        serving = true;
    }

    static void enter(String phase) {
        boolean ofRecovery = current.equals("recovery") && !serving && !phase.equals("closing");
        if (!ofRecovery) {
            current = phase;
        }
    }

    /** A transaction begins: it stays in this phase, whoever goes ahead of its commit. */
    public static void begin() {
        ofTransaction = current;
    }

    /** The same transaction goes on to another phase. */
    static void goOn(String phase) {
        enter(phase);
        begin();
    }

    /**
     * {@return the full name of a place inside of the transaction}
     *
     * @param step its name in any phase
     */
    public static String inside(String step) {
        return ofTransaction + "/" + step;
    }

    /**
     * {@return the full name of a place}
     *
     * @param step its name in any phase
     */
    static String place(String step) {
        return current + "/" + step;
    }
}
