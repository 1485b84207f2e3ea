/**
 * What a caller sees: an {@link dev.openexec.Executor} takes an {@link dev.openexec.ExecutionRequest} and answers with an
 * {@link dev.openexec.Execution}.
 *
 * @serial exclude
 */
@NullMarked
package dev.openexec;

import org.jspecify.annotations.NullMarked;
