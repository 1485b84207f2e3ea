package dev.openexec.store.jdbc;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * The locks by which open stores are known to live: one file each, locked while the store is open. The kernel drops the
 * lock however the process dies.
 *
 * <p>Such locks are POSIX locks: they belong to the process, and closing any descriptor of the file drops them. So this
 * registry, one per Java machine, opens each boot file once, and answers for its own without touching them.
 */
final class BootLock {

    enum Life {
        /** Its lock is held. */
        ALIVE,
        /** Its lock could be taken. */
        DEAD,
        /** There is no file: no proof of anything. */
        UNKNOWN
    }

    /** A question asked while the lock of a dead boot is held. */
    interface Check {
        boolean holds() throws SQLException;
    }

    private static final Map<Path, FileChannel> HELD = new HashMap<>();

    private BootLock() {}

    /**
     * Creates the file and locks it. It gets its name only when it is locked: who finds it under that name unlocked knows
     * that its owner is dead.
     */
    static synchronized void take(Path file) throws IOException {
        Path unnamed = file.resolveSibling(file.getFileName() + ".new");
        LedgerFile.createPrivate(unnamed);
        FileChannel channel = FileChannel.open(unnamed, StandardOpenOption.WRITE);
        try {
            channel.lock();
            Files.move(unnamed, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        HELD.put(file, channel);
    }

    /** Lets go of the lock. The file stays, as the proof that its owner is gone. */
    static synchronized void release(Path file) throws IOException {
        FileChannel channel = HELD.remove(file);
        if (channel != null) {
            channel.close();
        }
    }

    /** Deletes the file while the lock is held, then lets go of it. */
    static synchronized void delete(Path file) throws IOException {
        try {
            Files.deleteIfExists(file);
        } finally {
            release(file);
        }
    }

    static Life probe(Path file) throws IOException, SQLException {
        return probe(file, () -> false);
    }

    /** Deletes the file if its owner is dead and then, while nobody else can take its lock, the check holds. */
    static synchronized Life probe(Path file, Check deletable) throws IOException, SQLException {
        if (HELD.containsKey(file)) {
            return Life.ALIVE;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                return Life.ALIVE;
            }
            if (deletable.holds()) {
                Files.deleteIfExists(file);
            }
            return Life.DEAD;
        } catch (NoSuchFileException e) {
            return Life.UNKNOWN;
        }
    }
}
