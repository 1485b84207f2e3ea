/**
 * The server: environment to objects, HTTP to objects and back. It holds no rule of the boundary itself; every verdict is
 * the {@link dev.openexec.Executor}'s.
 */
@NullMarked
package dev.openexec.server;

import org.jspecify.annotations.NullMarked;
