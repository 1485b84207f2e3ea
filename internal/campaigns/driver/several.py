"""Two executors in one process and a third in another, on one file: the same things asked of all of them at once, while
endings cannot be written, boot files are deleted, and one clock says that everybody else has long been dead.
"""

import datetime
import threading
from functools import partial

from checker.answers import DOUBT, verdict
from driver.approver import instant
from driver.orders import KINDS, Orders
from driver.places import Unfit
from driver.settling import until_final
from driver.subject import Subject
from driver.trial import Trial

NAME = "several"
EFFECTIVE = KINDS[:2]
LATER = datetime.timedelta(minutes=11)  # a minute more than anybody waits for an owner that cannot be seen
CASES = 9  # of a round
BREAK = "completion/before-commit"


def short(tools):
    return [partial(round_of, tools, approver) for approver in (None, tools.approver)]


def long(tools, number):
    return short(tools)[number % 2]


def round_of(tools, approver):
    with Trial(NAME, tools) as trial:
        case = Case(trial, approver)
        for _ in range(CASES // 4):
            case.plain()
            case.ending_fails()
            case.boot_files_deleted()
            case.stale_doubt()
        case.closed_too_early()
        case.end()
        tools.counts.add(NAME, trials=CASES)
        return trial.judge()


class Case:
    def __init__(self, trial, approver):
        self.trial = trial
        self.approver = approver
        self.orders = Orders(approver)
        self.asked = []
        self.one, self.other = Subject(trial, approver), Subject(trial, approver)
        for subject in (self.one, self.one, self.other):
            if subject.open() != "":
                raise Unfit("it did not open")
        self.everybody = (self.one.executor(0), self.one.executor(1), self.other.executor(0))

    def plain(self):
        for kind in KINDS:
            self._all_at_once(self._new(kind, millis=20))

    def ending_fails(self):
        """The action has run, and its ending cannot be written until later. Meanwhile everybody asks."""
        for kind in EFFECTIVE:
            order = self._new(kind)
            self.one.arm(BREAK, "FAIL")
            if verdict(*self.trial.ask(order, self.one)) != DOUBT:
                raise Unfit("the ending was written")
            asking = self._begin_all(order)
            self.one.disarm()
            self._await(asking)

    def boot_files_deleted(self):
        """Nobody can see any more that the owner lives; somebody gives up; then the owner ends."""
        for kind in EFFECTIVE:
            order = self._new(kind, millis=400)
            asking = self._begin(order, self.one)
            self._entered(order)
            self._delete_boot_files()
            self._set_clock(LATER)
            self._all_at_once(order)
            self._await([asking])
            self._set_clock(datetime.timedelta())
            self._all_at_once(order)

    def stale_doubt(self):
        """Somebody gives up and cannot write that down until the owner has written how it ended."""
        for kind in EFFECTIVE:
            order = self._new(kind, millis=1000)  # time enough for the doubt
            asking = self._begin(order, self.one)
            self._entered(order)
            self._delete_boot_files()
            known = len(self.other.reached)
            self.other.arm(BREAK, "FAIL")
            self._set_clock(LATER)
            doubting = self._begin(order, self.other)
            if not self.other.await_place(known):
                raise Unfit("nobody gave up")
            self._await([asking])
            self.other.disarm()
            self._await([doubting])
            self._set_clock(datetime.timedelta())
            self.trial.ask(self._new("pure"), self.other)  # what the other owed is written before it
            self._all_at_once(order)

    def closed_too_early(self):
        """Before its action has ended: then it is given up, and not taken back."""
        leaving = Subject(self.trial, self.approver)
        if leaving.open() != "":
            raise Unfit("it did not open")
        order = self._new("at-most-once", millis=2500)
        asking = self._begin(order, leaving)
        self._entered(order)
        leaving.close()
        self._await([asking])
        self._all_at_once(order)

    def end(self):
        self.trial.event("calm")
        for order in self.asked:
            until_final(self.trial, order, self.one)
        self.other.close()
        self.one.close()
        self.trial.look()

    def _new(self, kind, **order):
        self.asked.append(self.orders.new(kind, **order))
        return self.asked[-1]

    def _begin(self, order, channel):
        thread = threading.Thread(target=self.trial.ask, args=(order, channel), daemon=True)
        thread.start()
        return thread

    def _begin_all(self, order):
        return [self._begin(order, executor) for executor in self.everybody]

    def _all_at_once(self, order):
        self._await(self._begin_all(order))

    @staticmethod
    def _await(threads):
        for thread in threads:
            thread.join()

    def _entered(self, order):
        self.trial.witness.await_entry(order.mark)

    def _delete_boot_files(self):
        self.trial.event("boot-files-deleted")
        for file in self.trial.ledger.parent.glob("*.boot-*"):
            file.unlink()

    def _set_clock(self, ahead):
        """Of the other process."""
        time = datetime.datetime.now(datetime.timezone.utc) + ahead
        self.other.tell("clock", time=instant(time), speed=1.0)
