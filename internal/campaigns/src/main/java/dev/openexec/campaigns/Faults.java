package dev.openexec.campaigns;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Places that say when they are reached, and at which this process can be told to die or to fail. */
public final class Faults {

    /** The status of a process that died as planned. */
    private static final int HALTED = 86;

    private static final long FORERUN_NANOS = 100_000_000;

    private static volatile @Nullable Fault armed;

    private Faults() {}

    /** What is to happen at a place. */
    enum Deed {
        /** The process ends, as by kill -9; a little later, so that whoever went ahead too early is seen. */
        HALT,
        /** It fails once. */
        FAIL_ONCE,
        /** It fails each time, until something else is armed. */
        FAIL
    }

    /**
     * A fault.
     *
     * @param place where
     * @param deed what
     */
    record Fault(String place, Deed deed) {}

    /** Arms a fault in place of any other; null arms none. */
    static void arm(@Nullable Fault fault) {
        armed = fault;
    }

    static boolean isArmedAt(String place) {
        Fault fault = armed;
        return fault != null && fault.place.equals(place);
    }

    /**
     * Tells that a place is reached, and halts there if that is the plan.
     *
     * @param place its name
     * @return whether what is at this place is to fail now
     */
    public static boolean reached(String place) {
        Fault fault = armed;
        if (fault == null || !fault.place.equals(place)) {
            return false;
        }
        Lines.print("{\"reached\":\"" + place + "\"}");
        if (fault.deed == Deed.HALT) {
            LockSupport.parkNanos(FORERUN_NANOS);
            Runtime.getRuntime().halt(HALTED);
        }
        if (fault.deed == Deed.FAIL_ONCE) {
            armed = null;
        }
        return true;
    }
}
