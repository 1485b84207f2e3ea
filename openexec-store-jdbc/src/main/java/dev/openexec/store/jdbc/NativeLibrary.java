package dev.openexec.store.jdbc;

import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Has the driver unpack its native library into a folder that only this user can write to, instead of the shared one
 * for temporary files, where others could swap it before it is loaded.
 */
final class NativeLibrary {

    private static final String FOLDER = "org.sqlite.tmpdir";
    private static boolean loaded;

    private NativeLibrary() {}

    static synchronized void load() {
        if (loaded) {
            return;
        }
        String configured = System.getProperty(FOLDER);
        try {
            Path shared = Path.of(configured == null ? System.getProperty("java.io.tmpdir") : configured);
            Path folder = Files.createTempDirectory(shared, "openexec-sqlite-"); // 0700 where the system knows modes
            File onExit = folder.toFile();
            onExit.deleteOnExit(); // registered before the driver's files, hence deleted after them
            System.setProperty(FOLDER, folder.toString());
            SQLiteJDBCLoader.initialize();
            unlink(folder);
        } catch (Exception e) {
            throw new StoreException(
                    Reason.STORE_UNAVAILABLE,
                    "SQLite's native library cannot be unpacked and loaded. Where the folder for temporary files forbids"
                            + " programs, name another one in the system property " + FOLDER,
                    e);
        } finally {
            if (configured == null) {
                System.clearProperty(FOLDER);
            } else {
                System.setProperty(FOLDER, configured);
            }
        }
        loaded = true;
    }

    /** A loaded library needs no name any more, except on Windows: so that even a kill leaves nothing behind. */
    private static void unlink(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            // then it is deleted when the process ends
            return;
        }
    }
}
