/** The executor inside a program that has connections and metrics of its own. */
@NullMarked
package dev.openexec.examples.embedded;

import org.jspecify.annotations.NullMarked;
