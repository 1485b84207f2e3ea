"""I9: the state table, and who may move a row along it."""

from checker import canonical
from checker.answers import INDETERMINATE, SETTLED
from checker.history import TRANSACTIONAL, grouped
from checker.violation import Violation, lines, lost_later, nonce_of

MOST_ATTEMPTS = {"AT_MOST_ONCE": 1, "IDEMPOTENT": 3, "PURE": 1, "TRANSACTIONAL": 1}
NEXT = {
    "RUNNING": ("RUNNING", "SUCCEEDED", "FAILED", "INDETERMINATE"),
    "INDETERMINATE": ("INDETERMINATE", "SUCCEEDED", "FAILED"),
    "SUCCEEDED": ("SUCCEEDED",),
    "FAILED": ("FAILED",),
}
ENDING = ("state", "attempt", "claim_token", "completed_at", "code", "result", "boot_id", "open_boot", "receipt")
FREE = {"RUNNING": ENDING, "INDETERMINATE": (*ENDING, "resolved_by", "evidence")}
MINUTE_MS = 60_000


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
