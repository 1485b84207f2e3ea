/**
 * The ledger in a SQLite file.
 */
@NullMarked
package dev.openexec.store.jdbc;

import org.jspecify.annotations.NullMarked;
