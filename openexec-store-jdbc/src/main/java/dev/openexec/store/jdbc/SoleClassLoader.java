package dev.openexec.store.jdbc;

import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Keeps a second copy of this class, loaded by another class loader of this process, away from a ledger that is open
 * here. Two copies are two registries of boot locks and two SQLites, and each would drop the other's POSIX locks.
 *
 * <p>System properties are what all class loaders share.
 */
final class SoleClassLoader implements AutoCloseable {

    private static final String THIS_COPY = UUID.randomUUID().toString();
    private static final Map<Path, Integer> OPEN = new HashMap<>();

    private final Path ledger;

    private SoleClassLoader(Path ledger) {
        this.ledger = ledger;
    }

    static SoleClassLoader enter(Path ledger) {
        synchronized (OPEN) {
            Object copy = System.getProperties().putIfAbsent(property(ledger), THIS_COPY);
            if (copy != null && !copy.equals(THIS_COPY)) {
                throw new StoreException(
                        Reason.STORE_UNAVAILABLE,
                        "The ledger is open in this process through another class loader's copy of this library");
            }
            OPEN.merge(ledger, 1, Integer::sum);
            return new SoleClassLoader(ledger);
        }
    }

    @Override
    public void close() {
        synchronized (OPEN) {
            if (OPEN.merge(ledger, -1, Integer::sum) == 0) {
                OPEN.remove(ledger);
                System.clearProperty(property(ledger));
            }
        }
    }

    private static String property(Path ledger) {
        return "dev.openexec.store.jdbc.open:" + ledger;
    }
}
