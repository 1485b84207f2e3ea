/** An agent whose tool calls run only with an approval, each at most once. Begin with {@code ToolCalls}. */
@NullMarked
package dev.openexec.examples.agent;

import org.jspecify.annotations.NullMarked;
