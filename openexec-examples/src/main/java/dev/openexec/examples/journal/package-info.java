/**
 * A store of one's own: an append-only file that keeps the contract of {@link dev.openexec.store.ExecutionStore}, without a
 * database. Begin with {@code JournalStore}.
 */
@NullMarked
package dev.openexec.examples.journal;

import org.jspecify.annotations.NullMarked;
