package dev.openexec;

import dev.openexec.action.Action;
import dev.openexec.action.Kind;

/** An action with an input that it has accepted. */
record PreparedAction<I>(Action<I> action, Kind kind, I input) {}
