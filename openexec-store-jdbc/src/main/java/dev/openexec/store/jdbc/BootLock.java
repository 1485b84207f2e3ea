package dev.openexec.store.jdbc;

import dev.openexec.store.jdbc.LedgerView.Life;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * The lock by which an open store is known to live: on a file of its own, held while the store is open. The kernel drops
 * it however the process dies.
 *
 * <p>It is a POSIX lock, which belongs to the process: closing any descriptor of the file drops it. So each file is
 * opened once in this process, and its life is answered from the registry here without touching it.
 */
final class BootLock implements AutoCloseable {

    /** A question asked while the lock of a dead boot is held. */
    interface Check {
        boolean holds() throws SQLException;
    }

    private static final Map<Path, BootLock> HELD = new HashMap<>();

    private final String bootId;
    private final Path file;
    private final FileChannel channel;

    private BootLock(String bootId, Path file, FileChannel channel) {
        this.bootId = bootId;
        this.file = file;
        this.channel = channel;
    }

    /**
     * Creates the file of a new boot and locks it. It gets its name when it is locked: whoever finds it unlocked under that
     * name knows that its owner is dead.
     */
    static BootLock take(LedgerFile ledger) throws IOException {
        String bootId = Meta.randomId();
        Path file = ledger.boot(bootId);
        synchronized (HELD) {
            Path unnamed = file.resolveSibling(file.getFileName() + ".new");
            LedgerFile.createPrivate(unnamed);
            FileChannel channel = FileChannel.open(unnamed, StandardOpenOption.WRITE);
            try {
                channel.lock();
                Files.move(unnamed, file, StandardCopyOption.ATOMIC_MOVE);
                BootLock lock = new BootLock(bootId, file, channel);
                HELD.put(file, lock);
                return lock;
            } catch (Throwable e) {
                channel.close();
                throw e;
            }
        }
    }

    String bootId() {
        return bootId;
    }

    /** Lets go of the lock and leaves the file, as the proof that its owner is gone. */
    void abandon() throws IOException {
        synchronized (HELD) {
            HELD.remove(file);
            channel.close();
        }
    }

    /** Deletes the file while the lock is held, then lets go of it: nothing of this boot is running. */
    @Override
    public void close() throws IOException {
        synchronized (HELD) {
            try {
                Files.deleteIfExists(file);
            } finally {
                abandon();
            }
        }
    }

    static Life probe(Path file) throws IOException, SQLException {
        return probe(file, () -> false);
    }

    /** Deletes the file if its owner is dead and then, while nobody else can take its lock, the check holds. */
    static Life probe(Path file, Check deletable) throws IOException, SQLException {
        synchronized (HELD) {
            if (HELD.containsKey(file)) {
                return Life.ALIVE;
            }
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                return Life.UNKNOWN; // a link may lead to a file whose lock would be dropped
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
            } catch (FileSystemException e) { // gone, or not ours to write to: another user's, or made immutable
                if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && Files.isWritable(file)) {
                    throw e; // too many open files, for one: asked again later
                }
                return Life.UNKNOWN;
            }
        }
    }
}
