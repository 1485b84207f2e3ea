package dev.openexec.store.jdbc;

import dev.openexec.store.ExecutionStore;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the ledger is, as {@code OPENEXEC_DB_URL} says it: in SQLAlchemy's spelling, which the Python reference
 * documents, or as a JDBC URL.
 *
 * <ul>
 *   <li>{@code sqlite:///relative.db}: a file, from the working directory
 *   <li>{@code sqlite:////absolute.db}: a file, from the root
 *   <li>{@code sqlite://}: memory, lost with the process
 *   <li>{@code jdbc:sqlite:path}: a file
 * </ul>
 *
 * <p>Anything else is refused, options after a question mark included. No message contains the URL, which may hold a
 * password. Immutable.
 */
public final class LedgerUrl {

    private static final String ACCEPTED =
            "accepted are sqlite:///relative.db, sqlite:////absolute.db, sqlite:// (memory)"
                    + " and jdbc:sqlite:path, without options";
    private static final String MEMORY = "sqlite://";
    private static final String FILE = "sqlite:///";
    private static final String JDBC_FILE = "jdbc:sqlite:";

    private final @Nullable Path file;

    private LedgerUrl(@Nullable Path file) {
        this.file = file;
    }

    /**
     * Reads the URL; opens and creates nothing.
     *
     * @param url the URL as configured
     * @return what it names
     * @throws IllegalArgumentException unless it is one of the spellings above
     */
    public static LedgerUrl parse(String url) {
        if (url.equals(MEMORY)) {
            return new LedgerUrl(null);
        }
        if (url.startsWith(FILE)) {
            return new LedgerUrl(path(url.substring(FILE.length())));
        }
        if (url.startsWith(JDBC_FILE)) {
            return new LedgerUrl(path(url.substring(JDBC_FILE.length())));
        }
        if (url.startsWith("postgres") || url.startsWith("jdbc:postgres")) {
            throw refused("PostgreSQL is not supported by this version, which has SQLite only");
        }
        throw refused("This is no ledger URL");
    }

    /** {@return the ledger there, not yet opened} */
    public ExecutionStore store() {
        return file == null ? ExecutionStore.inMemory() : SqliteStore.at(file);
    }

    /** {@return the file; empty if it is memory} */
    public Optional<Path> file() {
        return Optional.ofNullable(file);
    }

    /** For people to read; contains no secret. */
    @Override
    public String toString() {
        return file == null ? "memory" : "SQLite file " + file;
    }

    private static Path path(String text) {
        if (text.indexOf('?') >= 0) {
            throw refused("A ledger URL has no options: what they would set, durability rests on");
        }
        if (text.isBlank() || text.startsWith(":") || text.startsWith("file:")) {
            throw refused("This ledger URL names no file");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw refused("A ledger URL has no control characters");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw refused("The path in the ledger URL is not valid on this system");
        }
    }

    private static IllegalArgumentException refused(String why) {
        return new IllegalArgumentException(why + "; " + ACCEPTED);
    }
}
