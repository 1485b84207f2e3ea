package dev.openexec.store.jdbc;

import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The database file by its real path, and the names of the files beside it, so that every way to one file leads to the
 * same ones.
 *
 * <p>Nothing but SQLite opens the database, its {@code -wal} or its {@code -shm}: closing any descriptor of a file drops
 * all POSIX locks that the process holds on it.
 */
record LedgerFile(Path path) {

    private static final String BOOT = ".boot-";
    private static final Pattern BOOT_ID = Pattern.compile("[0-9a-f]{32}");
    private static final FileAttribute<?>[] NO_ATTRIBUTES = {};
    private static final FileAttribute<?>[] OWNER_ONLY = {
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
    };

    /** The file of this name, which need not exist; its folder must. */
    static LedgerFile at(Path file) {
        if (!file.getFileSystem().equals(FileSystems.getDefault())) {
            throw new StoreException(Reason.STORE_UNAVAILABLE, "A ledger is a file of the system's own file system");
        }
        Path absolute = file.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new StoreException(Reason.STORE_UNAVAILABLE, "The ledger's folder does not exist: " + folder);
        }
        if (Files.isDirectory(absolute)) {
            throw new StoreException(Reason.STORE_UNAVAILABLE, "The ledger is a folder, not a file: " + absolute);
        }
        try {
            return new LedgerFile(
                    Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)
                            ? absolute.toRealPath()
                            : folder.toRealPath().resolve(absolute.getFileName()));
        } catch (IOException e) {
            throw explain(e);
        }
    }

    /** What tells this file from another one of the same name; null where the system has no such thing. */
    @Nullable Object identity() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    boolean isMissingOrEmpty() throws IOException {
        return !Files.exists(path) || Files.size(path) == 0;
    }

    /** Creates an empty file that only its owner can read, where the system knows modes; leaves an existing one alone. */
    static void createPrivate(Path file) throws IOException {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        try {
            Files.createFile(file, posix ? OWNER_ONLY : NO_ATTRIBUTES);
        } catch (FileAlreadyExistsException e) {
            // whoever made it decided who may read it
        }
    }

    void requireThere() throws IOException {
        if (isMissingOrEmpty()) {
            throw new StoreException(Reason.STORE_UNAVAILABLE, "There is no ledger: " + path);
        }
    }

    /** Another name has another log beside it: what is claimed by the one name could be claimed by the other. */
    void requireOneName() throws IOException {
        if (!hasOneName(path)) {
            throw new StoreException(
                    Reason.STORE_UNAVAILABLE, "The ledger's file has a second name, a hard link: " + path);
        }
    }

    /** Whether there is no hard link to it, where the system can tell. */
    static boolean hasOneName(Path file) throws IOException {
        boolean counted = file.getFileSystem().supportedFileAttributeViews().contains("unix");
        return !counted || Files.getAttribute(file, "unix:nlink").equals(1);
    }

    Path wal() {
        return path.resolveSibling(path.getFileName() + "-wal");
    }

    Path head() {
        return path.resolveSibling(path.getFileName() + ".head");
    }

    Path logKey() {
        return path.resolveSibling(path.getFileName() + ".log-key");
    }

    Path ballast() {
        return path.resolveSibling(path.getFileName() + ".ballast");
    }

    Path boot(String bootId) {
        return path.resolveSibling(path.getFileName() + BOOT + bootId);
    }

    /** The boot ids that have a file. */
    List<String> boots() throws IOException {
        String prefix = path.getFileName() + BOOT;
        List<String> ids = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path.resolveSibling("."))) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.startsWith(prefix)
                        && BOOT_ID.matcher(name.substring(prefix.length())).matches()) {
                    ids.add(name.substring(prefix.length()));
                }
            }
        }
        return ids;
    }

    static StoreException explain(IOException failure) {
        Reason reason = failure instanceof AccessDeniedException || readOnly(failure)
                ? Reason.STORE_READ_ONLY
                : Reason.STORE_UNAVAILABLE;
        return new StoreException(reason, "The ledger's files cannot be used: " + failure.getMessage(), failure);
    }

    private static boolean readOnly(IOException failure) {
        return failure instanceof FileSystemException f && "Read-only file system".equals(f.getReason());
    }
}
