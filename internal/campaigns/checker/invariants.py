"""What has to hold over a whole trial. Each invariant is one function, and yields what breaks it."""

import json

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
from checker.history import PURE, grouped
from checker.states import i9_rows_follow_the_state_table
from checker.violation import Violation, lines, lost_later, nonce_of

EFFECTS = ("SUCCEEDED", "THREW")  # how an action is left when its effect has happened
SECOND = 1_000_000_000


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
    """Every receipt is the hash of its id and its result; the log of receipts is whole, and says what the rows say."""
    for look in history.looks:
        if look.log != "ok":
            yield Violation("I5", "", f"the log: {look.log}", (look.where,))
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


def calm_at(history, time):
    """Whether nothing was broken then."""
    changes = [event for event in history.events if event.name in ("calm", "faults") and event.time < time]
    return bool(changes) and changes[-1].name == "calm"


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
