"""What has to hold over a whole trial. Each invariant is one function, and yields what breaks it."""

import json
from typing import NamedTuple

from checker import canonical
from checker.answers import (
    DOUBT,
    FAILED,
    INDETERMINATE,
    NONE,
    OF_AN_EXECUTION,
    REFUSED,
    SETTLED,
    STRANGE,
    SUCCEEDED,
    UNTIMELY,
)
from checker.history import PURE, TRANSACTIONAL, grouped

EFFECTS = ("SUCCEEDED", "THREW")  # how an action is left when its effect has happened
MOST_ATTEMPTS = {"AT_MOST_ONCE": 1, "IDEMPOTENT": 3, "PURE": 1, "TRANSACTIONAL": 1}
NEXT = {
    "RUNNING": ("RUNNING", "SUCCEEDED", "FAILED", "INDETERMINATE"),
    "INDETERMINATE": ("INDETERMINATE", "SUCCEEDED", "FAILED"),
    "SUCCEEDED": ("SUCCEEDED",),
    "FAILED": ("FAILED",),
}
ENDING = ("state", "attempt", "claim_token", "completed_at", "code", "result", "boot_id", "open_boot")
FREE = {"RUNNING": ENDING, "INDETERMINATE": (*ENDING, "resolved_by", "evidence")}
SECOND = 1_000_000_000
MINUTE_MS = 60_000


class Violation(NamedTuple):
    invariant: str
    nonce: str
    text: str
    lines: tuple  # file:line of the histories


def i1_entered_once(history):
    """At most one entry for a nonce, for IDEMPOTENT one for each attempt, and none without a claim on record. An entry whose
    transaction was rolled back is none, and what another left in the ledger's file is there once."""
    effective = history.effective
    for execution, effects in grouped(history.effects, "execution").items():
        if len(effects) > 1:
            yield Violation("I1", nonce_of(history, effects[0]), "its effect is there several times", lines(effects))
    by_attempt = grouped_by(history.entries, lambda entry: (entry.execution, entry.attempt))
    for (execution, attempt), entries in by_attempt:
        if len(entries) > 1 and entries[0].action != PURE:
            yield Violation("I1", history.nonce_of(entries[0]), f"attempt {attempt} was entered twice", lines(entries))
    for nonce, entries in grouped_by(effective, history.nonce_of):
        if len({entry.execution for entry in entries}) > 1:
            yield Violation("I1", nonce, "several executions of one nonce were entered", lines(entries))
    for entry in effective:
        if entry.execution not in history.recorded and not lost_later(history, entry.time):
            yield Violation("I1", history.nonce_of(entry), "it was entered, and no claim is on record", lines([entry]))


def i2_acknowledged_is_kept(history):
    """What was answered with 200 is SUCCEEDED in the ledger, with the same result, id and receipt."""
    for request in history.requests:
        if request.verdict != SUCCEEDED or lost_later(history, request.answered):
            continue
        told = request.told
        pruned = any(request.answered < time for time in history.times("prune"))
        row = (history.recorded if pruned else history.rows).get(told.get("id"))
        if row is None:
            yield Violation("I2", request.nonce, "what was acknowledged is gone", lines([request]))
        elif (row.state, row.nonce) != ("SUCCEEDED", request.nonce):
            text = f"what was acknowledged is {row.state} of nonce {row.nonce}"
            yield Violation("I2", request.nonce, text, lines([request, row]))
        elif canonical.spaced(told.get("result")) != row.result:
            yield Violation("I2", request.nonce, "another result was answered than recorded", lines([request, row]))


def i3_states_tell_what_happened(history):
    """SUCCEEDED: it was left with that result. FAILED, or no row: no effect. Only INDETERMINATE may be either, until somebody
    says which."""
    kept = {effect.execution: effect for effect in history.effects}
    for effect in history.effects:
        if effect.execution not in history.recorded:
            yield Violation("I3", nonce_of(history, effect), "there is an effect, and no row", lines([effect]))
    for row in history.rows.values():
        if row.resolved_by:
            yield from resolution(history, row)
            continue
        if row.kind == "TRANSACTIONAL":
            yield from together(row, kept.get(row.exec_id))
        exits = history.exits_of[row.exec_id]
        effects = [left for left in exits if left.end in EFFECTS]
        if row.state == "SUCCEEDED":
            right = [left for left in effects if left.end == "SUCCEEDED" and left.attempt == row.attempt]
            if not any(canonical.spaced(json.loads(left.result)) == row.result for left in right):
                yield Violation("I3", row.nonce, "it succeeded with a result that no entry gave", lines([row, *exits]))
        elif row.state == "FAILED" and effects and row.kind not in ("PURE", "TRANSACTIONAL"):
            yield Violation("I3", row.nonce, "it failed, and it happened", lines([row, *exits]))


def together(row, effect):
    """Of a transaction: row and effect."""
    if row.state == "SUCCEEDED" and effect is None:
        yield Violation("I3", row.nonce, "it succeeded, and its effect is not there", lines([row]))
    if row.state == "FAILED" and effect:
        yield Violation("I3", row.nonce, "it failed, and its effect is there", lines([row, effect]))


def resolution(history, row):
    """T8: it ended as one of those said who were told that nobody knows."""
    said = [event for event in history.events if event.name == "resolve" and event.told["execution"] == row.exec_id]
    for event in said:
        if event.told["succeeded"] == (row.state == "SUCCEEDED") and event.told["evidence"] == row.evidence:
            return
    yield Violation("I3", row.nonce, f"it was resolved as {row.state}, which nobody said", lines([row, *said]))


def i4_answers_stay(history):
    """All settled answers to one request are the same, but for whether they are replays; none is taken back."""
    for (nonce, mark), requests in grouped_by(history.requests, lambda request: (request.nonce, request.mark)):
        settled = [request for request in requests if request.verdict in SETTLED]
        if len({unreplayed(request) for request in settled}) > 1:
            yield Violation("I4", nonce, f"answers differ, to mark {mark}", lines(settled))
        for request in requests:
            earlier = [other for other in settled if other.answered < request.asked]
            if earlier and request.verdict == INDETERMINATE:
                yield Violation("I4", nonce, "what was settled became unknown", lines([earlier[0], request]))


def i5_receipts_hold(history):
    """Every receipt is the hash of its id and its result."""
    for request in history.requests:
        if request.verdict == SUCCEEDED:
            told = request.told
            if told.get("receipt") != canonical.receipt(told.get("id"), canonical.spaced(told.get("result"))):
                yield Violation("I5", request.nonce, "the receipt is not that of the answer", lines([request]))


def i6_only_what_was_asked(history):
    """No answer to another request than the recorded one, no entry for what was refused, no undocumented answer."""
    for request in history.requests:
        row = history.rows.get(request.told.get("id") or request.told.get("exec_id"))
        if request.verdict in SETTLED and row:
            if row.request_hash != canonical.request_hash(request.action, request.payload):
                yield Violation("I6", request.nonce, "it got the answer to another request", lines([request, row]))
        if request.verdict == STRANGE:
            yield Violation("I6", request.nonce, f"an undocumented answer: {request.status}", lines([request]))
    effective = set(history.effective)
    for entry in history.entries:
        requests = history.by_mark[entry.mark]
        before = [request for request in requests if request.asked < entry.time]
        if not before:
            yield Violation("I6", history.nonce_of(entry), "nobody asked for what was entered", lines([entry]))
        may = [request for request in before if request.verdict in (*OF_AN_EXECUTION, DOUBT, NONE)]
        if not may and (entry in effective or all(request.verdict == REFUSED for request in before)):
            yield Violation("I6", history.nonce_of(entry), "it was refused and entered", lines([entry, *before]))


def i7_approvals_are_spent_once(history):
    """One execution for each approval: in the ledger, and by the witness, whatever became of the ledger."""
    signed = [entry for entry in history.effective if entry.approval]
    for approval, entries in grouped(signed, "approval").items():
        if len({entry.execution for entry in entries}) > 1:
            nonce = history.nonce_of(entries[-1])
            yield Violation("I7", nonce, f"approval {approval} was entered under several claims", lines(entries))
    approved = [row for row in history.rows.values() if row.approval_id]
    for approval, rows in grouped(approved, "approval_id").items():
        if len(rows) > 1:
            yield Violation("I7", rows[0].nonce, f"approval {approval} was spent several times", lines(rows))


def i8_everything_ends(history):
    """Once nothing is broken any more every request gets a final answer; at the very end no row is RUNNING. A clock that was
    moved may stay behind the latest claim."""
    final = (*OF_AN_EXECUTION, REFUSED, UNTIMELY) if history.times("clock") else (*OF_AN_EXECUTION, REFUSED)
    last = {request.nonce: request for request in history.requests if calm_at(history, request.asked)}
    for nonce, request in last.items():
        if request.verdict not in final:
            yield Violation("I8", nonce, f"asked for again and again, its answer is {request.verdict}", lines([request]))
    for row in history.rows.values():
        if row.state == "RUNNING":
            yield Violation("I8", row.nonce, "it is still running, and nobody is at work on it", lines([row]))


def i9_rows_follow_the_state_table(history):
    """Claims fulfil their guard, rows move along the edges of the table, retries and doubts have a dead owner."""
    for earlier, later in zip(history.looks, history.looks[1:]):
        yield from moves(history, earlier, later)
    for look in history.looks:
        for row in look.rows.values():
            if row.kind == "TRANSACTIONAL" and row.state == "RUNNING":
                yield Violation("I9", row.nonce, "its claim was committed without its ending", lines([row]))
    for row in history.rows.values():
        yield from claim_guard(row)
        if row.attempt > MOST_ATTEMPTS[row.kind]:
            yield Violation("I9", row.nonce, f"{row.kind} is at attempt {row.attempt}", lines([row]))
        if row.state == "FAILED" and row.attempt > 1 and not row.resolved_by:
            yield Violation("I9", row.nonce, "it failed after an attempt that may have happened", lines([row]))
    for _, entries in grouped(history.effective, "execution").items():
        yield from retries(history, sorted(entries, key=lambda entry: entry.attempt))
    yield from doubts(history)


def moves(history, earlier, later):
    pruned = any(earlier.time < time < later.time for time in history.times("prune"))
    if lost_later(history, earlier.time) and not lost_later(history, later.time):
        return
    for number, effect in earlier.effects.items():
        if number not in later.effects:
            yield Violation("I9", nonce_of(history, effect), "an effect is gone", lines([effect, later]))
    entered = {entry.execution for entry in history.effective}
    for key, before in earlier.rows.items():
        after = later.rows.get(key)
        if after is None:
            withdrawn = before.state == "RUNNING" and before.exec_id not in entered
            if not withdrawn and not (pruned and before.state in SETTLED):
                yield Violation("I9", before.nonce, f"a row that was {before.state} is gone", lines([before, later]))
        elif after.exec_id != before.exec_id:
            if before.exec_id in entered:
                yield Violation("I9", before.nonce, "the claim gave way to another one", lines([before, after]))
        elif after.state not in NEXT[before.state] or after.attempt < before.attempt:
            text = f"{before.state} became {after.state}, attempt {before.attempt} attempt {after.attempt}"
            yield Violation("I9", before.nonce, text, lines([before, after]))
        else:
            free = FREE.get(before.state, ())
            changed = [name for name in before.columns if name not in free and before.columns[name] != after.columns[name]]
            if changed:
                yield Violation("I9", before.nonce, f"the row changed: {', '.join(changed)}", lines([before, after]))


def claim_guard(row):
    """T1 and T10, as far as the row tells."""
    tenant = row.tenant if row.authority == "V1" else ""
    if row.nonce_key != canonical.nonce_key(tenant, row.nonce):
        yield Violation("I9", row.nonce, "the row stands under the key of another nonce", lines([row]))
    if row.authority == "V1":
        if row.approval_key != canonical.approval_key(row.tenant, row.approval_id):
            yield Violation("I9", row.nonce, "the row stands under the key of another approval", lines([row]))
        if row.claimed_at > row.approval_expires_at:
            yield Violation("I9", row.nonce, "it was claimed under an approval that had expired", lines([row]))
        if row.approval_issued_at > row.claimed_at + MINUTE_MS:
            yield Violation("I9", row.nonce, "it was claimed under an approval of the future", lines([row]))


def retries(history, entries):
    """T6: attempt n + 1 begins when the owner of attempt n is dead."""
    for before, after in zip(entries, entries[1:]):
        death = history.death_of(before.pid)
        if after.attempt != before.attempt and (death is None or death > after.time):
            nonce = history.nonce_of(after)
            yield Violation("I9", nonce, "it was retried while its owner lived", lines([before, after]))


def doubts(history):
    """T5: nobody gives an execution up whose owner is alive and whose action is at work or ended as it should. A definite
    failure says nothing about the attempts before it (T3)."""
    if history.times("boot-files-deleted"):  # then the owner cannot be seen, and waiting for it ends some time
        return
    entries = grouped(history.entries, "execution")
    for request in history.requests:
        execution = request.told.get("exec_id")
        if request.verdict != INDETERMINATE or not entries[execution]:
            continue
        if entries[execution][0].action == TRANSACTIONAL:  # an error has ended its transaction: it is not at work any more
            continue
        last = max(entries[execution], key=lambda entry: entry.attempt)
        death = history.death_of(last.pid)
        alive = death is None or death > request.answered
        unknown = ("THREW",) if last.attempt == 1 else ("THREW", "FAILED")
        threw = any(left.end in unknown and left.attempt == last.attempt for left in history.exits_of[execution])
        if alive and not threw:
            yield Violation("I9", request.nonce, "it was given up while its owner lived", lines([request, last]))


def i10_the_file_is_sound(history):
    """SQLite finds nothing wrong with the file, at any look."""
    for look in history.looks:
        if look.integrity != "ok":
            yield Violation("I10", "", f"integrity_check: {look.integrity[:200]}", (look.where,))


def i11_pruned_stays_spent(history):
    """What was settled before a prune is not entered after it."""
    for time in history.times("prune"):
        old = {request.mark for request in history.requests if request.answered < time and request.verdict in SETTLED}
        for entry in history.effective:
            if entry.time > time and entry.mark in old:
                yield Violation("I11", history.nonce_of(entry), "it was pruned and entered again", lines([entry]))


def i12_calm_is_fast(history):
    """While nothing is broken 999 of 1000 requests are answered within a second. Not judged by fewer than 1000."""
    calm = [request for request in history.requests if calm_at(history, request.asked)]
    slow = [request for request in calm if request.answered - request.asked > SECOND or request.verdict == NONE]
    if len(calm) >= 1000 and len(slow) > len(calm) / 1000:
        yield Violation("I12", "", f"{len(slow)} of {len(calm)} answers took more than a second", lines(slow[:10]))


ALL = (
    i1_entered_once,
    i2_acknowledged_is_kept,
    i3_states_tell_what_happened,
    i4_answers_stay,
    i5_receipts_hold,
    i6_only_what_was_asked,
    i7_approvals_are_spent_once,
    i8_everything_ends,
    i9_rows_follow_the_state_table,
    i10_the_file_is_sound,
    i11_pruned_stays_spent,
    i12_calm_is_fast,
)


def violations(history):
    return [violation for invariant in ALL for violation in invariant(history)]


def nonce_of(history, effect):
    row = history.recorded.get(effect.execution)
    return row.nonce if row else f"(mark {effect.mark})"


def calm_at(history, time):
    """Whether nothing was broken then."""
    changes = [event for event in history.events if event.name in ("calm", "faults") and event.time < time]
    return bool(changes) and changes[-1].name == "calm"


def lost_later(history, time):
    """Whether the ledger itself was taken away after that time."""
    return any(time < lost for lost in history.times("ledger-lost"))


def unreplayed(request):
    """The answer, but for what says that it is a replay, and for an error's own id."""
    told = dict(request.told)
    told.pop("replayed", None)
    told.pop("instance", None)
    return json.dumps(told, sort_keys=True)


def grouped_by(items, key):
    groups = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups.items()


def lines(items):
    return tuple(item.where for item in items)
