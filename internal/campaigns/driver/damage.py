"""A killed process's files are damaged, and a fresh one is started on them.

Either it refuses to start, or nothing that was acknowledged is lost: what was answered is answered so again, and nothing
that was entered is entered again. A ledger that is lost, head file and all, is followed by a new one that takes none of its
approvals. Flipped bits inside of database pages are counted only: SQLite cannot see them.
"""

import shutil
import threading
from functools import partial

from checker.answers import NONE, verdict
from driver.orders import KINDS, Orders
from driver.places import Unfit
from driver.subject import Subject
from driver.trial import Trial

NAME = "damage"
ASKED = 60  # before the death
SHORT, LONG = 10, 14  # damages of a round
ONCE = [kind for kind in KINDS if kind != "idempotent"]  # which each copy of the files would rightly enter again


def short(tools):
    return [partial(round_of, tools, approver, damages) for approver, damages in ((None, 3), (tools.approver, SHORT))]


def long(tools, number):
    return partial(round_of, tools, tools.approver if number % 2 else None, LONG)


def round_of(tools, approver, damages):
    with Trial(NAME, tools) as trial:
        case = Case(trial, approver)
        case.older = case.copy("older")
        case.load(ASKED // 2)
        case.load(ASKED // 2)
        sound = case.copy("sound")
        for number in range(damages):
            damage = ALL[number % len(ALL)]
            case.restore(sound)
            damage(case)
            tools.counts.note(NAME, f"{damage.__name__}: {case.outcome(asked=damage is not page_flipped)}")
        case.restore(sound)
        case.settle()
        if approver:
            case.lose_everything()
        tools.counts.add(NAME, trials=damages)
        return trial.judge()


class Case:
    def __init__(self, trial, approver):
        self.trial = trial
        self.random = trial.random
        self.approver = approver
        self.orders = Orders(approver)
        self.asked = []
        self.data = trial.ledger.parent
        self.load(ASKED // 2)

    def file(self, suffix):
        return self.data / f"ledger.db{suffix}"

    def load(self, number):
        """Ends in the middle of it, by kill -9."""
        subject = self._open()
        enough = threading.Semaphore(0)
        orders = [self.orders.new(self.random.choice(ONCE), millis=self.random.choice((0, 5))) for _ in range(number)]
        waiting = [threading.Thread(target=self._one, args=(order, subject, enough)) for order in orders]
        for thread in waiting:
            thread.start()
        for _ in range(number * 2 // 3):
            enough.acquire(timeout=60)
        subject.kill()
        for thread in waiting:
            thread.join()

    def _one(self, order, subject, enough):
        if verdict(*self.trial.ask(order, subject)) != NONE:
            self.asked.append(order)
        enough.release()

    def copy(self, name):
        target = self.trial.folder / name
        shutil.copytree(self.data, target)
        return target

    def restore(self, copy):
        shutil.rmtree(self.data)
        shutil.copytree(copy, self.data)

    def outcome(self, asked):
        subject = Subject(self.trial, self.approver)
        refused = subject.open()
        if refused is None:
            raise Unfit("it ended without a word")
        if asked and not refused:
            for order in self.asked:
                self.trial.ask(order, subject)
        subject.kill()
        return f"refused as {refused}" if refused else "opened"

    def settle(self):
        """On the files as they were: what was refused has changed nothing."""
        self.trial.event("calm")
        subject = self._open()
        for order in self.asked:
            self.trial.ask(order, subject)
        subject.close()
        self.trial.look()

    def lose_everything(self):
        """A new ledger takes no approval that the lost one may have spent."""
        shutil.rmtree(self.data)
        self.data.mkdir()
        self.trial.event("ledger-lost")
        subject = self._open()
        for order in self.asked:
            self.trial.ask(order, subject)
            self.trial.ask(self.orders.under_another_nonce(order), subject)
        subject.close()
        self.trial.look()

    def _open(self):
        subject = Subject(self.trial, self.approver)
        if subject.open() != "":
            raise Unfit("it did not open")
        return subject

    def flip(self, file):
        data = bytearray(file.read_bytes())
        data[self.random.randrange(len(data))] ^= 1 << self.random.randrange(8)
        file.write_bytes(data)

    def cut(self, file):
        data = file.read_bytes()
        file.write_bytes(data[: self.random.randrange(len(data))])


def wal_cut(case):
    case.cut(case.file("-wal"))


def wal_flipped(case):
    case.flip(case.file("-wal"))


def wal_gone(case):
    case.file("-wal").unlink()


def older_copy(case):
    """Of the database, beside the head file of the present one."""
    for suffix in ("", "-wal", "-shm"):
        shutil.copyfile(case.older / case.file(suffix).name, case.file(suffix))


def database_gone(case):
    for suffix in ("", "-wal", "-shm"):
        case.file(suffix).unlink(missing_ok=True)


def head_flipped(case):
    case.flip(case.file(".head"))


def shm_flipped(case):
    case.flip(case.file("-shm"))


def page_flipped(case):
    case.flip(case.file(""))


ALL = (wal_cut, wal_flipped, wal_gone, older_copy, database_gone, head_flipped, shm_flipped, wal_cut, wal_flipped, page_flipped)
