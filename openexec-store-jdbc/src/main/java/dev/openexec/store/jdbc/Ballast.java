package dev.openexec.store.jdbc;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.SplittableRandom;

/**
 * Room on the disk that is set aside for endings. When the disk is full it is given up for them, and no claim is made until
 * it is there again: else the claims would take it. Where there is none an ending is kept in memory and lost with the
 * process. The processes on one ledger share it: any of them may give it up, and any sets it aside again.
 */
final class Ballast {

    /** Together some fifty endings without large results. */
    private static final int PIECES = 16;

    private static final int PIECE = 1 << 16;
    private static final long SIZE = (long) PIECES * PIECE;

    private final Path file;
    private final byte[] piece = new byte[PIECE]; // made before there is too little memory for it

    Ballast(Path file) {
        this.file = file;
        new SplittableRandom().nextBytes(piece); // some file systems keep no room for zeros
    }

    /** Whether it is there, set aside now if need be. */
    boolean isThere() {
        try {
            BasicFileAttributes found =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!found.isRegularFile() || found.size() > SIZE || !LedgerFile.hasOneName(file)) {
                drop(); // a link would lead to somebody else's file, and a pipe would not return
            } else if (found.size() == SIZE) {
                return true;
            }
        } catch (IOException e) {
            // there is nothing, and what another store makes meanwhile is left to it
        }
        return setAside();
    }

    /** In place: one that another store is at the same time setting aside stays where it is, and is then there for both. */
    private boolean setAside() {
        try {
            LedgerFile.createPrivate(file);
            try (OutputStream room = Files.newOutputStream(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
                for (int i = 0; i < PIECES; i++) {
                    room.write(piece);
                }
            }
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
