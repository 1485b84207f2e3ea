package dev.openexec.server;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a log may say about a throwable: classes and stack frames. Messages stay out: they may hold payload. */
final class Trace {

    private Trace() {}

    /** A line for the throwable, each of its causes and each stack frame. */
    static String of(Throwable failure) {
        StringBuilder lines = new StringBuilder(failure.getClass().getName());
        frames(failure, lines);
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        seen.add(failure);
        for (@Nullable Throwable cause = failure.getCause();
                cause != null && seen.add(cause);
                cause = cause.getCause()) {
            lines.append(System.lineSeparator())
                    .append("Caused by: ")
                    .append(cause.getClass().getName());
            frames(cause, lines);
        }
        return lines.toString();
    }

    private static void frames(Throwable failure, StringBuilder lines) {
        for (StackTraceElement frame : failure.getStackTrace()) {
            lines.append(System.lineSeparator()).append("\tat ").append(frame);
        }
    }
}
