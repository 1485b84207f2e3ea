"""What is old is forgotten, by a clock that jumps and by a process that dies of it. Then every old approval is presented again,
under its nonce and under another one, also at a time at which it would be valid.
"""

import datetime
from functools import partial

from driver.approver import instant
from driver.crashes import around, places
from driver.orders import KINDS, Orders
from driver.places import Unfit
from driver.settling import until_final
from driver.subject import Subject, make_ledger
from driver.trial import Trial

NAME = "prunes"
SHORT, LONG = 6, 50  # prunes of a round
LIFETIME_S = 3600
CYCLE = datetime.timedelta(hours=4)  # further on than any floor of the one before
AHEAD_H = (2, 3, 20)  # when approvals are old
UNSAFE_H = (-1, 26)  # the clock is behind, or too far ahead to be believed
DEATHS = (*places("prune", "sent"), *around("prune", "begin", "change", "commit"), *places("prune", "answered"))


def short(tools):
    return [partial(round_of, tools, SHORT)]


def long(tools, number):
    return partial(round_of, tools, LONG)


def round_of(tools, prunes):
    with Trial(NAME, tools) as trial:
        retention = Retention(trial, tools.approver)
        for number in range(prunes):
            retention.cycle(death=trial.random.choice(DEATHS) if number % 2 else None)
        retention.end()
        tools.counts.add(NAME, trials=prunes)
        return trial.judge()


class Retention:
    def __init__(self, trial, approver):
        self.trial = trial
        self.approver = approver
        self.orders = Orders(approver)
        self.asked = []
        self.start = datetime.datetime.now(datetime.timezone.utc)
        self.subject = None
        make_ledger(trial, approver)  # now: it takes no approvals that are older

    def cycle(self, death):
        """Ends with a clock that has gone back to when everything was new."""
        self.start += CYCLE
        self._restart(self.start)
        new = [self.orders.new(kind, end=end) for kind in KINDS for end in ("SUCCEEDED", "FAILED")]
        for order in new:
            self.asked.append(self.orders.approved(order, issued=self.start, seconds=LIFETIME_S))
            self.trial.ask(self.asked[-1], self.subject)
        self._restart(self._later(self.trial.random.choice(UNSAFE_H)))
        if self.subject.prune() != -1:
            raise Unfit("it pruned by a clock that cannot be right")
        self._set_clock(self._later(self.trial.random.choice(AHEAD_H)))
        if death:
            self.subject.arm(death, "HALT")
            self.subject.prune()
            self.subject.halted(death)
            self.subject = None
        elif not self.subject.prune():
            raise Unfit("nothing was pruned")
        self._restart(self.start)
        self._present_again()

    def end(self):
        self.trial.event("calm")
        self._restart(self.start)
        for order in self.asked:
            until_final(self.trial, order, self.subject)
        self.subject.close()
        self.trial.look()

    def _present_again(self):
        """What is newest, and some of all."""
        for order in [*self.asked[-8:], *self.trial.random.sample(self.asked, 4)]:
            self.trial.ask(order, self.subject)
            self.trial.ask(self.orders.under_another_nonce(order), self.subject)

    def _later(self, hours):
        return self.start + datetime.timedelta(hours=hours)

    def _restart(self, time):
        """The ledger is looked at in between."""
        if self.subject:
            self.subject.kill()
        if self.asked:
            self.trial.look()
        self.subject = Subject(self.trial, self.approver)
        self._set_clock(time)
        if self.subject.open() != "":
            raise Unfit("it did not open")

    def _set_clock(self, time):
        self.trial.event("clock")
        self.subject.tell("clock", time=instant(time), speed=1.0)
