package dev.openexec;

import dev.openexec.store.StoreException;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What is to be known of failures. */
final class Failures {

    private static final int MAX_CAUSES = 5;
    private static final int MAX_FRAMES = 40; // a driver behind a proxy takes twenty

    private Failures() {}

    /**
     * What was thrown and where, as far as a log may know it: classes and stack frames, no messages, which can hold
     * payload, but the error codes of databases.
     */
    static String trace(Throwable failure) {
        try {
            return traceOf(failure);
        } catch (Throwable e) { // what was thrown is code of others too, and may throw when it is looked at
            return failure.getClass().getName();
        }
    }

    /** Warns without ever throwing: a log that cannot be written must not cost a claim its ending. */
    static void warn(System.Logger log, String message, Object... values) {
        try {
            log.log(Level.WARNING, message, values);
        } catch (Throwable e) {
            // there is nobody left to tell
        }
    }

    private static String traceOf(Throwable failure) {
        StringBuilder trace = new StringBuilder();
        Throwable next = failure;
        for (int depth = 0; next != null && depth < MAX_CAUSES; depth++) {
            trace.append(depth == 0 ? "" : "\n  caused by ")
                    .append(next.getClass().getName());
            if (next instanceof SQLException sql) {
                trace.append(" (error code ").append(sql.getErrorCode()).append(')');
            }
            Arrays.stream(next.getStackTrace())
                    .limit(MAX_FRAMES)
                    .forEach(frame -> trace.append("\n    at ").append(frame));
            next = next.getCause();
        }
        return trace.toString();
    }

    /** What code of others threw and where, in one line; its message only if it is Java's own: another may hold anything. */
    static String place(Throwable failure) {
        String what = failure instanceof LinkageError
                ? failure.toString()
                : failure.getClass().getName();
        return what
                + Arrays.stream(failure.getStackTrace())
                        .filter(frame -> !frame.getClassName().startsWith("java."))
                        .findFirst()
                        .map(frame -> " at " + frame)
                        .orElse("");
    }

    /** Whether a claim failed in such a way that it may be there all the same. */
    static boolean isUnconfirmed(@Nullable Throwable failure) {
        return cause(failure) instanceof StoreException e && e.reason() == StoreException.Reason.CLAIM_UNCONFIRMED;
    }

    /** What a stage failed with, without the wrapping that stages add on the way. */
    static @Nullable Throwable cause(@Nullable Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
