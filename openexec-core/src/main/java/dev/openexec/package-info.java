/**
 * What a caller sees: an {@link dev.openexec.Executor} takes an {@link dev.openexec.ExecutionRequest} and answers with an
 * {@link dev.openexec.Execution}.
 *
 * <h2>A tour of fifteen minutes</h2>
 *
 * <p>Read the classes in the order in which a request meets them. Those that are not links are hidden in this package, with
 * one idea in each file.
 *
 * <p><b>The door (three minutes).</b> An {@link dev.openexec.Executor} is built from a ledger, a policy and actions, and
 * has one way in: {@code execute} on the caller's thread, {@code executeAsync} without holding one. Both let {@code Intake}
 * take the request in, if there is room for it, and then go along {@code path}. The path is five calls, and nothing is executed in any other way:
 *
 * <pre>{@code
 * authorize  ->  admit  ->  begin  ->  run  ->  end
 *                             |
 *                             +--->  replay
 * }</pre>
 *
 * <p>Each call takes what the one before it gave, and each of these has a private constructor: who holds an
 * {@code Authorized} has been authorised. So the compiler keeps the order.
 *
 * <p><b>Before the ledger (three minutes).</b> {@code Authorization} checks the form of the request, hashes its canonical
 * text and lets the {@link dev.openexec.approval.ApprovalPolicy} verify the approval. {@code Admission} asks whether the
 * action is allowed and known ({@code ActionRegistry}), and whether it takes this input ({@code InputBinder}, then
 * {@link dev.openexec.action.Action#check}). Whatever goes wrong here is a {@link dev.openexec.RefusedException}: nothing
 * ran, and nothing is spent. {@code InFlight} lets duplicates inside this process wait for the first, as a courtesy.
 *
 * <p><b>The ledger (five minutes).</b> {@code Ledger.begin} looks the request up under its approval and its nonce. If a row
 * is there, {@code Comparison} decides whether it is this very request's, and {@code Standing} waits until it has ended:
 * that is a replay. If none is, a claim is written and has to be durable before anything else happens. It comes back as an
 * {@code Entry}, the permission to enter an action once. What the store does with a write is told, sentence by sentence,
 * in {@link dev.openexec.store.ExecutionStore}; read it next. A {@link dev.openexec.action.Kind#PURE} action is not
 * claimed: it is evaluated and then recorded with its request in one write.
 *
 * <p><b>The action (two minutes).</b> {@code Runner} takes the entry and enters the action, in the only line of this
 * module that calls {@link dev.openexec.action.Action#run}. It puts what happened into words: a result, a definite failure
 * ({@link dev.openexec.action.ActionFailedException}), or, for anything else, that nobody knows. {@code Ledger.end} writes
 * that, and {@code Answer} puts it into an {@link dev.openexec.Execution} with its {@link dev.openexec.Receipt}, into an
 * {@link dev.openexec.ExecutionFailedException} or into an {@link dev.openexec.InDoubtException}: the first time and every
 * time after from the same recorded text.
 *
 * <p><b>Around the path (two minutes).</b> {@code Recovery} ends what dead processes left running. {@code Heartbeat} shows
 * by a small write every few seconds whether a claim would be durable now. {@code Permits} bounds how much is at work, and
 * lets {@code close} wait for it. {@code Threads} says who may run where: never on a thread of the store. All of them live
 * and die with the executor in {@code Lifecycle}. An {@code Attempt} is one call on its way along the path, and what an
 * {@link dev.openexec.ExecutionListener} hears of it is told by its {@code Observation}.
 *
 * <p>To write an action go on with {@link dev.openexec.action}, to write a store with {@link dev.openexec.store}, and for
 * the bytes that are signed with {@link dev.openexec.json} and {@link dev.openexec.approval}.
 *
 * @serial exclude
 */
@NullMarked
package dev.openexec;

import org.jspecify.annotations.NullMarked;
