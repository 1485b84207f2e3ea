"""A process dies at each place that matters, for each kind of action, and at some of them it fails instead.

Each death is proved: the process says where it is and ends with a status of its own. A fresh process recovers, and the
client asks again with the same nonce.
"""

from functools import partial

from driver.orders import KINDS, Orders
from driver.places import Unfit
from driver.settling import FINAL, until_final
from driver.subject import Subject
from driver.trial import Trial

NAME = "crashes"

TRANSACTION = ("sent", "before-begin", "after-begin", "after-change", "before-commit", "after-commit", "answered")
CLAIM = tuple(f"claim/{step}" for step in TRANSACTION)
HANDLER = ("handler/before-entry", "handler/entered", "handler/left")
COMPLETION = tuple(f"completion/{step}" for step in TRANSACTION)
ANSWER = ("answer/before", "answer/after")
RECOVERY = tuple(f"recovery/{step}" for step in TRANSACTION)
OPENING = ("opening/before-begin", "opening/after-begin", "opening/before-commit", "opening/after-commit")
FAILING = ("before-begin", "after-begin", "before-change", "after-change", "before-commit", "after-commit")


def short(tools):
    return [partial(round_of, tools, kind, tools.approver if kind == "at-most-once" else None) for kind in KINDS]


def long(tools, number):
    return partial(round_of, tools, KINDS[number % 3], tools.approver if number % 2 else None)


def round_of(tools, kind, approver):
    with Trial(NAME, tools) as trial:
        crashes = Crashes(trial, kind, approver)
        try:
            everywhere(crashes, claims=kind != "pure")
        except Stuck:
            pass  # the checker says so too
        crashes.end()
        tools.counts.add(NAME, trials=crashes.reached)
        return trial.judge()


def everywhere(crashes, claims):
    for place in OPENING:
        crashes.while_opening(place)
    for place in (*(CLAIM if claims else ()), *HANDLER, *COMPLETION, *ANSWER):
        crashes.at(place)
    if claims:
        crashes.while_recovering(RECOVERY)
    for step in FAILING:
        for phase in ("claim", "completion") if claims else ("completion",):
            for deed in ("FAIL_ONCE", "FAIL"):
                crashes.failing(f"{phase}/{step}", deed)


class Stuck(Exception):
    """A request gets no final answer any more."""


class Crashes:
    """One ledger, and the processes that die on it one after the other."""

    def __init__(self, trial, kind, approver):
        self.trial = trial
        self.kind = kind
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

    def at(self, place):
        self._begin_and_open()
        self.subject.arm(place, "HALT")
        self._ask()
        self._end_at(place)

    def while_recovering(self, places):
        """What a death in the middle of an action has left, until its recovery is durable; then the next."""
        ended = True
        for place in places:
            if ended:
                self.at("handler/entered")
            self.while_opening(place)
            ended = place == "recovery/after-commit"

    def failing(self, place, deed):
        """A process that lives on: the place fails, then it does not any more."""
        if self.subject is None:
            self._begin_and_open()
        self.subject.arm(place, deed)
        before = len(self.subject.reached)
        self._ask()
        if len(self.subject.reached) == before:
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

    def _begin_and_open(self):
        self._begin()
        if self.subject.open() != "":
            raise Unfit("it did not open")
        if self.asked:
            self._settle()

    def _settle(self):
        if until_final(self.trial, self.asked[-1], self.subject) not in FINAL:
            raise Stuck

    def _ask(self):
        self.asked.append(self.orders.new(self.kind))
        self.trial.ask(self.asked[-1], self.subject)

    def _end_at(self, place):
        self.subject.halted(place)
        self.subject = None
        self.trial.look()
        self.reached += 1
