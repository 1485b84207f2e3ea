package dev.openexec.store.jdbc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;

/**
 * Room on the disk that is set aside for endings. When the disk is full it is given up for them, and no claim is made until
 * it is there again: else the claims would take it. Where there is none an ending is kept in memory and lost with the
 * process.
 */
final class Ballast {

    /** Some fifty endings without large results. */
    private static final int BYTES = 1 << 20;

    private final Path file;

    Ballast(Path file) {
        this.file = file;
    }

    /** Whether it is there, set aside now if need be. */
    boolean isThere() {
        return (isOurs() && file.toFile().length() == BYTES) || setAside();
    }

    /** A link would have us write to what is somebody else's, and a pipe would keep us waiting. */
    private boolean isOurs() {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && LedgerFile.hasOneName(file);
    }

    private boolean setAside() {
        byte[] bytes = new byte[BYTES];
        new SplittableRandom().nextBytes(bytes); // some file systems keep no room for zeros
        try {
            if (!isOurs()) {
                Files.deleteIfExists(file);
            }
            LedgerFile.createPrivate(file);
            Files.write(file, bytes, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            return true;
        } catch (IOException e) {
            drop(); // what there is of it
            return false;
        }
    }

    /** Gives it up. Whether there was any. */
    boolean drop() {
        try {
            return Files.deleteIfExists(file);
        } catch (IOException e) {
            return false;
        }
    }
}
