/**
 * What a caller sees: an {@link dev.openexec.Executor} takes an {@link dev.openexec.ExecutionRequest} and answers with an
 * {@link dev.openexec.Execution}.
 *
 * <h2>A tour of fifteen minutes</h2>
 *
 * <p>In fifteen minutes read this page and, in this order: {@link dev.openexec.Executor} as far as {@code check},
 * {@code ExecutionPath}, {@link dev.openexec.ExecutionRequest}, {@code Authorization}, {@code SignedPolicy},
 * {@code Ledger}, {@code Claims}, {@code Comparison}, {@link dev.openexec.store.ExecutionStore}, {@code Runner},
 * {@code Recovery}, {@link dev.openexec.action.Action}. Every other class is named so that you know where to look; skip it. What is not a link is hidden in this package,
 * {@code SignedPolicy} in {@link dev.openexec.approval}.
 *
 * <p><b>The door.</b> An {@link dev.openexec.Executor} is built from a ledger, a policy and actions, and
 * has one way in: {@code execute} on the caller's thread ({@code CallerThread} is its event loop), {@code executeAsync}
 * without holding one. Both let {@code Intake} take the request in, if there is room for it, as a {@code Call}, which
 * then goes along {@code path}. The path is five stages, and nothing is executed in any other way:
 *
 * <pre>{@code
 * 1 authorize  ->  2 admit  ->  3 begin  ->  4 run  ->  5 end
 *                                   |
 *                                   +--->  5 replay
 * }</pre>
 *
 * <p>What the first three give has a private constructor each: who holds an {@code Authorized} has been authorised, who
 * holds an {@code Entry} may enter. So the compiler keeps their order.
 *
 * <p><b>Before the ledger.</b> {@code Authorization} checks the form of the request, hashes its canonical
 * text and lets the {@link dev.openexec.approval.ApprovalPolicy} verify the approval. {@code Admission} asks whether the
 * action is allowed and known ({@code ActionRegistry}), and whether it takes this input ({@code InputBinder}, then
 * {@link dev.openexec.action.Action#check}). What is wrong here is a {@link dev.openexec.RefusedException}: nothing ran,
 * and nothing is spent. {@code InFlight} lets duplicates inside this process wait for the first, as a courtesy that no
 * safety rests on.
 *
 * <p><b>The approval.</b> It signs its own id, the tenant, the hash of action and payload, when it was issued and when it
 * expires; not the nonce. {@code SignedPolicy} checks its form, the hash, the signature, the tenant and how long it is
 * good. Whether it has expired is asked when it is spent, before the claim and again in the claim's write: a replay needs no
 * unexpired one. It is spent once, because tenant and id are a unique key of the same row as the nonce; and a new ledger,
 * which does not know what was spent before, takes none that was issued before it was made.
 *
 * <p><b>The ledger.</b> {@code Ledger.begin} drafts a claim ({@code ClaimDraft}), with a random token, and
 * looks for a row under the claim's keys: its approval's, its nonce's, and that of the nonce without tenant.
 * <ul>
 *   <li>If a row is there, {@code Comparison} refuses the request unless the row is this very request's: same nonce,
 *       approval, action and payload. {@code Standing} then waits until it has ended, for the wait budget at most. Ended, it
 *       is a replay; not ended, an {@link dev.openexec.InDoubtException}: in progress.
 *   <li>If none is, and the approval may be spent now, the claim is written, and has to be durable before anything else
 *       happens. {@code Claims} writes it and gives its {@code Entry}, the permission to enter the action once.
 *   <li>If another was faster, the write is lost and answered with the row that won: the first case again. This, and
 *       nothing else, is why two threads or two processes cannot both enter.
 * </ul>
 *
 * <p>What the store holds is told, sentence by sentence, in {@link dev.openexec.store.ExecutionStore}. A
 * {@link dev.openexec.action.Kind#PURE} action is not claimed: it is evaluated, and then recorded with its request in one
 * write. If that write is lost, the row that won is the answer. A {@link dev.openexec.action.Kind#TRANSACTIONAL} action runs
 * inside the ledger's own transaction ({@code Transactions}): claim, effects and ending are one commit.
 *
 * <p><b>The action.</b> {@code Runner} takes the entry and enters the action, in the only line of this
 * module that calls {@link dev.openexec.action.Action#run}. It puts what happened into words: a result, a definite failure
 * ({@link dev.openexec.action.ActionFailedException}), or, for anything else, that nobody knows (of a PURE action: that it
 * failed). {@code Ledger.end} has that written, and {@code Answer} puts it into an {@link dev.openexec.Execution} with its
 * {@link dev.openexec.Receipt}, into an {@link dev.openexec.ExecutionFailedException} or into an
 * {@link dev.openexec.InDoubtException}: the first time and every time after from the same recorded text.
 *
 * <p><b>If the process dies</b> ({@code kill -9}). Before the claim is durable nothing happened and nothing is spent. From
 * then until the ending is durable, whether the action was not entered, was at work or had returned, the row says running
 * and is found by {@code Recovery}, which ends it: nobody knows how it went. An IDEMPOTENT action it has entered again
 * instead, by {@code Retry}: what the row says goes through the same stages as a request, and the row gets a new token
 * before, so that whoever held it holds nothing any more. After that every repetition is the replay. A PURE action leaves
 * nothing before its one write, and a TRANSACTIONAL one nothing before its one commit.
 *
 * <p><b>Around the path.</b> {@code Parts} puts an executor together, {@code Lifecycle} starts and closes it. What is claimed
 * and not entered then is taken back, and of what is entered nobody knows how it ends: {@code Claims} lets either the entry
 * or the giving up win, never both. {@code Recovery} settles what dead processes left running: at the start, with every heartbeat, and when a duplicate meets a
 * running row. {@code Heartbeat} shows by a small write every few seconds whether a claim would be durable now.
 * {@code Permits} bounds how much is at work, and lets {@code close} wait for it. {@code Threads} says who may run where:
 * no action, and nothing of a caller's, runs on a thread of the store. What an {@link dev.openexec.ExecutionListener} hears
 * of a call is told by its {@code Observation}. Apart from all that, an {@link dev.openexec.Execution.Audit} evaluates
 * PURE executions once more ({@code Reevaluation}), through the same line of {@code Runner}.
 *
 * <p>To write an action go on with {@link dev.openexec.action}, to write a store with {@link dev.openexec.store}, and for
 * the bytes that are signed with {@link dev.openexec.json} and {@link dev.openexec.approval}.
 *
 * @serial exclude
 */
@NullMarked
package dev.openexec;

import org.jspecify.annotations.NullMarked;
