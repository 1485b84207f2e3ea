"""One trial: a folder with a ledger, its histories, and the verdict on them."""

import itertools
import json
import pathlib
import random
import shutil
import tempfile
import threading
import time

from checker.answers import verdict
from checker.history import CLIENT, LEDGER, WITNESS, History
from checker.invariants import violations
from checker.ledger import Looks
from driver.places import KEPT
from driver.witness import Witness


LIMIT_S = 60


class Trial:
    """Its methods may be called by several threads at once."""

    found = ()

    def __init__(self, campaign, tools):
        self.campaign = campaign
        self.tools = tools
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"openexec-{campaign}-"))
        (self.folder / "data").mkdir()
        self.ledger = self.folder / "data/ledger.db"
        self.random = random.Random(f"{tools.seed} {campaign} {next(tools.numbers)}")
        self.processes = []
        self._history = (self.folder / CLIENT).open("a", encoding="utf-8")
        self._lock = threading.Lock()
        self._heard = threading.Condition()
        self._asked_last = {}  # by verdict, when it was asked what was answered so
        self._ops = itertools.count(1)
        self._looks = Looks(self.folder / LEDGER)
        self.witness = Witness(self.folder / WITNESS)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        for process in list(self.processes):  # each takes itself off
            process.kill()
        self.witness.close()
        self._history.close()
        if self.tools.keeping and (failure[0] or self.found):
            self._keep()
        else:
            shutil.rmtree(self.folder)

    def _write(self, line):
        with self._lock:
            self._history.write(json.dumps({"t": time.monotonic_ns(), **line}) + "\n")
            self._history.flush()

    def event(self, name, pid=0, **told):
        self._write({"event": name, "pid": pid, **told})

    def ask(self, order, channel):
        """Sends the order and writes down what became of it."""
        op = next(self._ops)
        asked = time.monotonic_ns()
        self._write({"op": op, **order.recorded()})
        status, body = channel.send(op, order)
        self._write({"op": op, "status": status, "body": body})
        with self._heard:
            said = verdict(status, body)
            self._asked_last[said] = max(asked, self._asked_last.get(said, 0))
            self._heard.notify_all()
        return status, body

    def await_answer(self, *verdicts):
        """To a request that is made from now on; whether it came."""
        now = time.monotonic_ns()
        with self._heard:
            return self._heard.wait_for(lambda: any(self._asked_last.get(said, 0) > now for said in verdicts), LIMIT_S)

    def look(self):
        """At the ledger, while no process has it open."""
        return self._looks.look(self.ledger, time.monotonic_ns())

    def judge(self):
        """Compares the histories. The trial is over."""
        self._history.flush()
        history = History(self.folder)
        self.found = violations(history)
        self.tools.counts.add(
            self.campaign,
            rounds=1,
            requests=len(history.requests),
            entries=len(history.entries),
            kills=sum(event.name in ("killed", "doomed") for event in history.events),
            violations=len(self.found),
        )
        return self.found

    def _keep(self):
        KEPT.mkdir(parents=True, exist_ok=True)
        kept = KEPT / self.folder.name
        shutil.copytree(self.folder, kept, dirs_exist_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder = kept
        for violation in self.found[:10]:
            print(f"  {violation.invariant} {violation.nonce}: {violation.text} ({', '.join(violation.lines[:6])})")
        print(f"  {len(self.found)} violations; histories: {kept}; again: scripts/campaign check {kept}", flush=True)
