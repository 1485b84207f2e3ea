package dev.openexec.store.jdbc;

import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What SQLite's errors mean. The driver sets no SQLState and has no subclasses: the result code decides. */
final class Failures {

    static final System.Logger LOG = System.getLogger("dev.openexec.store.jdbc");

    private Failures() {}

    static StoreException explain(Throwable failure) {
        if (failure instanceof StoreException known) {
            return known;
        }
        if (failure instanceof IOException files) {
            return LedgerFile.explain(files);
        }
        Reason reason = switch (code(failure)) {
            case SQLITE_FULL -> Reason.STORE_FULL;
            case SQLITE_READONLY -> Reason.STORE_READ_ONLY;
            case SQLITE_NOTADB -> Reason.SCHEMA_MISMATCH;
            default -> Reason.STORE_UNAVAILABLE;
        };
        return new StoreException(reason, "The ledger answered with an error: " + name(failure), failure);
    }

    /** Closes what may already be broken: nobody can do anything about a failure. */
    static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            warn("The ledger does not close cleanly: {0}", e);
        }
    }

    /** Whether the text of a statement is to blame, or what it presumes of tables, and not the file. */
    static boolean isOfTheText(SQLException failure) {
        return code(failure) == SQLiteErrorCode.SQLITE_ERROR;
    }

    /** Warns of a failure by its name, without ever throwing. */
    static void warn(String message, Throwable failure) {
        try {
            tell(message, name(failure));
        } catch (Throwable e) {
            // no memory for the name
        }
    }

    /** Warns without ever throwing: a log that cannot be written must not cost a claim its ending. */
    static void tell(String message, Object... values) {
        try {
            LOG.log(Level.WARNING, message, values);
        } catch (Throwable e) {
            // there is nobody left to tell
        }
    }

    /** Another writer has kept the ledger to itself for longer than we wait. */
    static boolean busy(@Nullable Throwable failure) {
        return code(failure) == SQLiteErrorCode.SQLITE_BUSY;
    }

    /** The error's name, without the values that its message may hold. */
    static String name(Throwable failure) {
        if (failure instanceof SQLiteException sqlite) {
            return sqlite.getResultCode().name();
        }
        return failure.getClass().getSimpleName();
    }

    private static SQLiteErrorCode code(@Nullable Throwable failure) {
        return failure instanceof SQLException sql
                ? SQLiteErrorCode.getErrorCode(sql.getErrorCode())
                : SQLiteErrorCode.UNKNOWN_ERROR;
    }
}
