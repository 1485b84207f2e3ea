package dev.openexec;

import dev.openexec.action.Action;

/** An action with an input that it has accepted. */
record PreparedAction<I>(Action<I> action, I input) {}
