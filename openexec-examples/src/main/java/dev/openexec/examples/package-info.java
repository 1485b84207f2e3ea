/** Small programs, each with a test. README.md shows parts of them. */
@NullMarked
package dev.openexec.examples;

import org.jspecify.annotations.NullMarked;
