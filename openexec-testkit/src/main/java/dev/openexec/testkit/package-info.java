/** For tests of actions, of stores and of whatever embeds an executor. Nothing here belongs into production. */
@NullMarked
package dev.openexec.testkit;

import org.jspecify.annotations.NullMarked;
