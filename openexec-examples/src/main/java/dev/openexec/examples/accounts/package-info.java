/** Actions whose effects are in the ledger's own database, and are there exactly once. */
@NullMarked
package dev.openexec.examples.accounts;

import org.jspecify.annotations.NullMarked;
