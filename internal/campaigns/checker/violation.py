"""What breaks an invariant, and what several of them ask of a history."""

from typing import NamedTuple


class Violation(NamedTuple):
    invariant: str
    nonce: str
    text: str
    lines: tuple  # file:line of the histories


def nonce_of(history, effect):
    row = history.recorded.get(effect.execution)
    return row.nonce if row else f"(mark {effect.mark})"


def lost_later(history, time):
    """Whether the ledger itself was taken away after that time."""
    return any(time < lost for lost in history.times("ledger-lost"))


def lines(items):
    return tuple(item.where for item in items)
