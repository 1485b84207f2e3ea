package dev.openexec.cli;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are whole and on the disk whenever they are there, however the process dies. */
final class DurableFile {

    private DurableFile() {}

    /** Puts a text in the place of whatever is there. Not for two at once. */
    static void replace(Path file, String text) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        write(fresh, text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        sync(folder(file));
    }

    /** Makes a file that only its owner can read, where the system knows modes; leaves an existing one alone. */
    static void createPrivate(Path file, String text) throws IOException {
        Path folder = folder(file);
        Path fresh = Files.createTempFile(folder, "openexec-", ".new");
        try {
            write(fresh, text);
            Files.createLink(file, fresh); // no move fails where something is: of two at once, one comes first
        } catch (FileAlreadyExistsException e) {
            // another was first
        } finally {
            Files.delete(fresh);
        }
        sync(folder);
    }

    /** Has the names in a folder on the disk, where the system lets a folder be synced. */
    static void sync(Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    static Path folder(Path file) {
        return file.toAbsolutePath().resolveSibling(".");
    }

    private static void write(Path file, String text) throws IOException {
        try (FileOutputStream out = new FileOutputStream(file.toFile())) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.getFD().sync();
        }
    }
}
