package dev.openexec;

import dev.openexec.action.Action;
import dev.openexec.action.Kind;
import dev.openexec.json.Digest;
import java.util.Optional;

/** An action with an input that it has accepted, and the digest of its code. */
record PreparedAction<I>(Action<I> action, Kind kind, Optional<Digest> digest, I input) {}
