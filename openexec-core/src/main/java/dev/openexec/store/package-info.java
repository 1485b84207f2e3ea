/**
 * For people who write stores: the ledger's contract, and the data that goes through it.
 *
 * <p>{@link dev.openexec.store.ExecutionStore} says in sentences what a store has to hold. There is one kind of change, a
 * guarded {@link dev.openexec.store.Write}, answered by an {@link dev.openexec.store.Outcome}; what is written is a
 * {@link dev.openexec.store.Claim} and later its {@link dev.openexec.store.Ending}, and read back as a
 * {@link dev.openexec.store.StoredExecution}. A store compares keys and decides nothing else: it knows no approvals, hashes
 * nothing and runs nothing. The testkit has a test for every sentence.
 *
 * @serial exclude
 */
@NullMarked
package dev.openexec.store;

import org.jspecify.annotations.NullMarked;
