"""A process dies at each place that matters, for each kind of action, and at most of them the statement fails instead.

Each death is proved: the process says where it is and ends with a status of its own. A fresh process recovers, and the
client asks again with the same nonce. All of it also by a clock that stands still, jumps or runs backwards, within the slack.
"""

import datetime
from functools import partial
from typing import NamedTuple

from driver.approver import instant
from driver.orders import KINDS, Orders
from driver.places import Unfit
from driver.settling import FINAL, until_final
from driver.subject import Subject
from driver.trial import Trial

NAME = "crashes"

OPENING = ("opening/before-begin", "opening/after-begin", "opening/before-commit", "opening/after-commit")
ACTION = ("action/before-entry", "action/entered", "action/left")
ANSWER = ("answer/before", "answer/after")


def places(phase, *steps):
    return tuple(f"{phase}/{step}" for step in steps)


def around(phase, *statements):
    return places(phase, *(f"{side}-{statement}" for statement in statements for side in ("before", "after")))


def transaction(phase):
    return (*places(phase, "sent"), *around(phase, "begin", "change", "commit"), *places(phase, "answered"))


RECOVERY = transaction("recovery")
INSIDE = (  # the one transaction of a TRANSACTIONAL action
    *places("claim", "sent"),
    *around("claim", "begin", "change", "savepoint"),
    *ACTION,
    *around("action", "effect"),
    *around("completion", "release", "change", "commit"),
    *places("completion", "answered"),
)
DEATHS = {
    "pure": (*ACTION, *transaction("completion"), *ANSWER),
    "transactional": (*INSIDE, *ANSWER),
}
DEATHS.update(dict.fromkeys(KINDS[:2], (*transaction("claim"), *DEATHS["pure"])))
UNDOING = around("completion", "undo")  # of an action that fails
FAILING = {kind: tuple(place for place in DEATHS[kind] if place not in ACTION and "-" in place) for kind in KINDS}


class Extent(NamedTuple):
    opening: tuple
    recovery: tuple
    failures: tuple


WHOLE = Extent(OPENING, RECOVERY, ("FAIL_ONCE", "FAIL"))
FIRST = Extent(OPENING, RECOVERY, ("FAIL",))
NEXT = Extent((), (), ("FAIL",))
CLOCKS = ("right", "standing still", "jumping", "running backwards")
JUMP_S = 2  # two of them are within the slack of 5 s


def short(tools):
    """One kind for each clock."""
    signed = (tools.approver, None, None, tools.approver)
    extents = (FIRST, NEXT, NEXT, NEXT)
    return [partial(round_of, tools, *choice) for choice in zip(KINDS, signed, CLOCKS, extents)]


def long(tools, number):
    clock = CLOCKS[number // (2 * len(KINDS)) % len(CLOCKS)]
    signed = number // len(KINDS) % 2
    return partial(round_of, tools, KINDS[number % len(KINDS)], tools.approver if signed else None, clock, WHOLE)


def round_of(tools, kind, approver, clock, extent):
    with Trial(NAME, tools) as trial:
        crashes = Crashes(trial, kind, approver, clock)
        try:
            everywhere(crashes, extent)
        except Stuck:
            pass  # the checker says so too
        crashes.end()
        tools.counts.add(NAME, trials=crashes.reached)
        tools.counts.note(NAME, f"{kind}, the clock {clock}", crashes.reached)
        return trial.judge()


def everywhere(crashes, extent):
    for place in extent.opening:
        crashes.while_opening(place)
    for place in DEATHS[crashes.kind]:
        crashes.at(place)
    if crashes.kind in KINDS[:2]:
        crashes.while_recovering(extent.recovery)
    for deed in extent.failures:
        for place in FAILING[crashes.kind]:
            crashes.failing(place, deed)
    if crashes.kind == "transactional":
        for place in UNDOING:
            crashes.at(place, end="FAILED")
            for deed in extent.failures:
                crashes.failing(place, deed, end="FAILED")


class Stuck(Exception):
    """A request gets no final answer any more."""


class Crashes:
    """One ledger, and the processes that die on it one after the other."""

    def __init__(self, trial, kind, approver, clock):
        self.trial = trial
        self.kind = kind
        self.clock = clock
        self.approver = approver
        self.orders = Orders(approver)
        self.asked = []
        self.reached = 0
        self.subject = None

    def while_opening(self, place):
        self._begin()
        self.subject.arm(place, "HALT")
        if self.subject.open() is not None:
            raise Unfit(f"it opened in spite of {place}")
        self._end_at(place)

    def at(self, place, **order):
        self._begin_and_open()
        self.subject.arm(place, "HALT")
        self._ask(**order)
        self._end_at(place)

    def while_recovering(self, places):
        """What a death in the middle of an action has left, until its recovery is durable; then the next."""
        ended = True
        for place in places:
            if ended:
                self.at("action/entered")
            self.while_opening(place)
            ended = place == "recovery/after-commit"

    def failing(self, place, deed, **order):
        """A process that lives on: the place fails, then it does not any more."""
        if self.subject is None:
            self._begin_and_open()
        self.subject.arm(place, deed)
        before = len(self.subject.reached)
        self._ask(**order)
        if not self.subject.await_place(before):  # an answer may come too early
            raise Unfit(f"{place} was not reached")
        self.subject.disarm()
        self._settle()
        self.reached += 1

    def end(self):
        if self.subject is None:
            self._begin_and_open()
        self.trial.event("calm")
        for order in self.asked:
            self.trial.ask(order, self.subject)
        self.subject.close()
        self.trial.look()

    def _begin(self):
        if self.subject:
            self.subject.close()
        self.subject = Subject(self.trial, self.approver)
        self._set_clock()

    def _set_clock(self):
        """Each time anew: what it does between two orders is within the slack."""
        jump = self.trial.random.uniform(-JUMP_S, JUMP_S) if self.clock == "jumping" else 0
        speed = {"standing still": 0.0, "running backwards": -1.0}.get(self.clock, 1.0)
        if self.clock != "right":
            self.trial.event("clock")
            time = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=jump)
            self.subject.tell("clock", time=instant(time), speed=speed)

    def _begin_and_open(self):
        self._begin()
        if self.subject.open() != "":
            raise Unfit("it did not open")
        if self.asked:
            self._settle()

    def _settle(self):
        if until_final(self.trial, self.asked[-1], self.subject) not in FINAL:
            raise Stuck

    def _ask(self, **order):
        self._set_clock()
        self.asked.append(self.orders.new(self.kind, **order))
        self.trial.ask(self.asked[-1], self.subject)

    def _end_at(self, place):
        self.subject.halted(place)
        self.subject = None
        self.trial.look()
        self.reached += 1
