"""A process whose clock stands still, jumps, races and runs backwards, and dies meanwhile."""

import datetime
from functools import partial

from driver.approver import instant
from driver.orders import KINDS, Orders
from driver.places import Unfit
from driver.settling import FINAL, until_final
from driver.subject import Subject
from driver.trial import Trial

NAME = "clocks"
SETTINGS = (  # hours from now, speed
    (0, 0), (1, 0), (-1, 1), (0, -1), (25, 1), (-24 * 3650, 0), (0, -1000), (0, 1),
    (0, 1000), (-25, 1), (24 * 3650, 0), (24 * 365 * 70, 1), (0, 1),
)  # fmt: skip
SHORT = 8  # of them
LIFETIME_S = 7200  # longer than any of these clocks moves while requests are under way


def short(tools):
    return [partial(round_of, tools, tools.approver, SETTINGS[:SHORT])]


def long(tools, number):
    """Random settings."""
    hours = [tools.random.choice((0, 1, 24, 24 * 365)) * tools.random.uniform(-2, 2) for _ in SETTINGS]
    speeds = [tools.random.choice((0, 1, -1, -1000, 1000)) for _ in SETTINGS]
    return partial(round_of, tools, tools.approver, [*zip(hours, speeds), (0, 1)])


def round_of(tools, approver, settings):
    with Trial(NAME, tools) as trial:
        times = Times(trial, approver)
        for hours, speed in settings:
            times.at(hours, speed)
        times.end()
        tools.counts.add(NAME, trials=len(settings))
        return trial.judge()


class Times:
    def __init__(self, trial, approver):
        self.trial = trial
        self.approver = approver
        self.orders = Orders(approver)
        self.asked = []
        self.subject = None
        self._begin(0, 1)

    def at(self, hours, speed):
        now = self._set(hours, speed)
        for kind in KINDS:
            self._ask(self.orders.new(kind), issued=now)
            stale = self._ask(self.orders.new(kind), issued=now - datetime.timedelta(seconds=2 * LIFETIME_S))
            self._ask(self.orders.new(kind), issued=now + datetime.timedelta(seconds=2 * LIFETIME_S))
            self.trial.ask(self.orders.under_another_nonce(stale), self.subject)
        for order in self.trial.random.sample(self.asked, min(10, len(self.asked))):
            self.trial.ask(order, self.subject)
            self.trial.ask(self.orders.under_another_nonce(order), self.subject)
        self._die_in_the_middle(now, hours, speed)

    def end(self):
        self.trial.event("calm")
        self._set(0, 1)
        for order in self.asked:
            until_final(self.trial, order, self.subject)
        self.subject.close()
        self.trial.look()

    def _die_in_the_middle(self, now, hours, speed):
        self.subject.arm("action/entered", "HALT")
        order = self.orders.new("at-most-once")
        self._ask(order, issued=now)
        if not self.subject.reached:  # it was refused at this time
            self.subject.kill()
        else:
            self.subject.halted("action/entered")
        self.trial.look()
        self._begin(hours, speed)
        if until_final(self.trial, self.asked[-1], self.subject) not in FINAL:
            raise Unfit("what was left open is not settled")

    def _begin(self, hours, speed):
        self.subject = Subject(self.trial, self.approver)
        self._set(hours, speed)
        if self.subject.open() != "":
            raise Unfit("it did not open")

    def _set(self, hours, speed):
        now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)
        self.trial.event("clock")
        self.subject.tell("clock", time=instant(now), speed=float(speed))
        return now

    def _ask(self, order, issued):
        order = self.orders.approved(order, issued=issued, seconds=LIFETIME_S)
        self.asked.append(order)
        self.trial.ask(order, self.subject)
        return order
