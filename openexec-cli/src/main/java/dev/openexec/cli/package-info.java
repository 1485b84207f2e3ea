/** The command line tool of operators and auditors. */
@NullMarked
package dev.openexec.cli;

import org.jspecify.annotations.NullMarked;
