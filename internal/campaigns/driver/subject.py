"""A program that embeds executors and does what it is told, line by line: also to die at a named place."""

import json
import queue
import subprocess
import threading

from driver.approver import TENANT
from driver.places import Unfit

LIMIT_S = 60
HALT_LIMIT_S = 20
PLACE_LIMIT_S = 5
HALTED = 86


class Subject:
    """Its methods may be called by several threads at once."""

    def __init__(self, trial, approver=None, ledger=None):
        self.trial = trial
        self.log = (trial.folder / "subject.log").open("a")
        signed = [TENANT, approver.pem] if approver else []
        self.process = subprocess.Popen(
            trial.tools.java(
                "dev.openexec.campaigns.Subject", str(ledger or trial.ledger), *signed, witness=trial.witness
            ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )
        self.over = False
        self.reached = []
        self.events = queue.Queue()  # what it says beside answers; None at its end
        self.waiting = {}  # by op
        self.lock = threading.Lock()
        self.changed = threading.Condition()
        trial.processes.append(self)
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def pid(self):
        return self.process.pid

    def _read(self):
        for line in self.process.stdout:
            said = json.loads(line)
            if "op" in said:
                self.waiting.pop(said["op"]).put((said["status"], said["body"]))
            elif "reached" in said:
                with self.changed:
                    self.reached.append(said["reached"])
                    self.changed.notify_all()
            else:
                self.events.put(said)
        with self.lock:
            self.over = True
            for answer in self.waiting.values():
                answer.put((0, ""))
        self.events.put(None)

    def tell(self, verb, **members):
        with self.lock:
            try:
                self.process.stdin.write(json.dumps({"do": verb, **members}) + "\n")
                self.process.stdin.flush()
            except OSError:
                pass  # it is no more: whoever waits for an answer learns that

    def arm(self, place, deed):
        if deed == "HALT":
            self.trial.event("doomed", self.pid)
        self.tell("arm", place=place, deed=deed)

    def await_place(self, known):
        """Whether one more is reached than those that are known."""
        with self.changed:
            return self.changed.wait_for(lambda: len(self.reached) > known, PLACE_LIMIT_S)

    def disarm(self):
        self.tell("disarm")

    def open(self):
        """One more executor: "" if it is open, why not, or None if the process is no more."""
        self.tell("open")
        said = self.events.get(timeout=LIMIT_S)
        return None if said is None else said.get("refused", "")

    def send(self, op, order, executor=0):
        answer = queue.Queue()
        with self.lock:
            if self.over:
                return 0, ""
            self.waiting[op] = answer
        approval = {} if order.approval is None else {"approval": order.approval}
        self.tell(
            "execute", op=op, executor=executor, action=order.action, payload=order.payload, nonce=order.nonce, **approval
        )
        return answer.get(timeout=LIMIT_S)

    def prune(self):
        """At its clock's time: how many rows it has forgotten, -1 if it may not now, or None if it is no more."""
        self.trial.event("prune")
        self.tell("prune")
        said = self.events.get(timeout=LIMIT_S)
        return None if said is None else said["pruned"]

    def executor(self, number):
        """Where to send what is for this one of its executors."""
        return OneExecutor(self, number)

    def halted(self, place):
        """Waits for the end that was planned for this place."""
        status = self._gone(HALT_LIMIT_S)
        if status != HALTED or self.reached != [place]:
            raise Unfit(f"it should have halted at {place}; status {status}, reached {self.reached}")

    def close(self):
        """In good order."""
        self.trial.event("stopping", self.pid)
        self.tell("close")
        while self.events.get(timeout=LIMIT_S) not in ({"closed": True}, None):
            pass
        self.process.stdin.close()
        self._gone()

    def kill(self):
        if self.process.poll() is None:
            self.trial.event("killed", self.pid)
            self.process.kill()
        self._gone()

    def _gone(self, limit=LIMIT_S):
        try:
            status = self.process.wait(limit)
        except subprocess.TimeoutExpired:
            raise Unfit(f"it lives on; reached {self.reached}") from None
        self.log.close()
        if self in self.trial.processes:
            self.trial.processes.remove(self)
        return status


def make_ledger(trial, approver):
    """With the table of the TRANSACTIONAL actions in it: the server has no option for tables."""
    subject = Subject(trial, approver)
    if subject.open() != "":
        raise Unfit("the ledger was not made")
    subject.close()


class OneExecutor:
    def __init__(self, subject, number):
        self.subject = subject
        self.number = number

    @property
    def over(self):
        return self.subject.over

    def send(self, op, order):
        return self.subject.send(op, order, self.number)
