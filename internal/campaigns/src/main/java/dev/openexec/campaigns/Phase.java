package dev.openexec.campaigns;

/** What the store is about to write: one request at a time, or the names mean nothing. */
public final class Phase {

    private static volatile String current = "opening";
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

    /**
     * {@return the full name of a place}
     *
     * @param step its name in any phase
     */
    public static String place(String step) {
        return current + "/" + step;
    }
}
