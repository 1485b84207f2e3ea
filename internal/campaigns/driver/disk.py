"""The disk under a server fills up, the file system becomes read-only, the database disappears, somebody else locks it:
and each comes to an end, while 16 clients go on.

What needs a file system of its own (no room, read-only) needs root, to mount it. Anybody can do the rest: there the room
ends by a limit on the size of files.
"""

import os
import resource
import sqlite3
import subprocess
from contextlib import contextmanager
from functools import partial

from checker.answers import DOUBT, SUCCEEDED, UNAVAILABLE
from driver.clients import Crowd
from driver.places import Unfit
from driver.server import Server
from driver.subject import make_ledger
from driver.trial import Trial

NAME = "disk"
ROOM = "32m"
REFUSES_TO_START = 69
UNWRITABLE = (UNAVAILABLE, DOUBT)  # DOUBT: it waited its turn for longer than anybody is kept waiting


def short(tools):
    return [partial(round_of, tools, tools.approver)]


def long(tools, number):
    return partial(round_of, tools, tools.approver if number % 2 else None)


def round_of(tools, approver):
    with Trial(NAME, tools) as trial, file_system(trial.ledger.parent) as own:
        make_ledger(trial, approver)
        server = Server(trial, approver)
        server.ready()
        crowd = Crowd(trial, approver)
        crowd.turn_to(server)
        troubles = (files_may_not_grow, gone, locked, *([no_room] if own else []))
        for trouble in troubles:
            expect(trial, (SUCCEEDED,), "before", trouble)
            trial.event("faults")
            with trouble(trial.ledger, server.pid):
                expect(trial, UNWRITABLE, "during", trouble)
            tools.counts.note(NAME, trouble.__name__)
        expect(trial, (SUCCEEDED,), "after", troubles[-1])
        crowd.settle()
        server.stop()
        if own:
            read_only(trial, approver)
            tools.counts.note(NAME, read_only.__name__)
        trial.look()
        tools.counts.add(NAME, trials=len(troubles) + own)
        return trial.judge()


def expect(trial, verdicts, when, trouble):
    if not trial.await_answer(*verdicts):
        raise Unfit(f"no request is {' or '.join(verdicts)} {when} {trouble.__name__}")


@contextmanager
def file_system(folder):
    """Whether there is one for this folder alone."""
    own = os.geteuid() == 0 and mount("-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", folder)
    try:
        yield own
    finally:
        if own:
            subprocess.run(["umount", "--lazy", folder], check=True)


def mount(*arguments):
    return subprocess.run(["mount", *arguments], stderr=subprocess.DEVNULL).returncode == 0


@contextmanager
def files_may_not_grow(ledger, pid):
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (os.path.getsize(f"{ledger}-wal"), hard))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))


@contextmanager
def gone(ledger, pid):
    aside = ledger.with_name("aside")
    ledger.rename(aside)
    try:
        yield
    finally:
        aside.rename(ledger)


@contextmanager
def locked(ledger, pid):
    """By somebody who has opened it for writing, and takes longer than anybody waits."""
    connection = sqlite3.connect(ledger, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


@contextmanager
def no_room(ledger, pid):
    filler = ledger.with_name("filler")
    with filler.open("wb", buffering=0) as out:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while out.write(bytes(size)) == size:
                    pass
            except OSError:
                pass  # now there is none
    try:
        yield
    finally:
        filler.unlink()


def read_only(trial, approver):
    """It does not start, and changes nothing."""
    if not mount("-o", "remount,ro", trial.ledger.parent):
        raise Unfit("the file system cannot be made read-only")
    server = Server(trial, approver)
    if server.ready():
        raise Unfit("it started on a read-only file system")
    if server.stop() != REFUSES_TO_START:
        raise Unfit("it did not refuse in good order")
    mount("-o", "remount,rw", trial.ledger.parent)
    server = Server(trial, approver)
    server.ready()
    server.stop()
