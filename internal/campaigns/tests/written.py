"""Histories written by hand: a sound one, and what it takes to spoil it."""

import json
import pathlib
import tempfile

from checker import canonical
from checker.history import CLIENT, LEDGER, WITNESS, History
from checker.invariants import violations

STEP = 1_000_000


class Written:
    """Each method adds lines; times count up by a millisecond."""

    def __init__(self):
        self.client, self.witness, self.ledger = [], [], []
        self.now = 0
        self.op = 0
        self.rows = {}
        self.effects = []

    def time(self):
        self.now += STEP
        return self.now

    def event(self, name, pid=0, **told):
        self.client.append({"t": self.time(), "event": name, "pid": pid, **told})

    def effect(self, nonce, execution=None):
        """Of a TRANSACTIONAL action, in the ledger's file."""
        self.effects.append((f"mark of {nonce}", execution or f"execution of {nonce}"))

    def asked(self, nonce, status, body, mark=None, action="at-most-once", approval=None, takes=0):
        """A request that is answered now; entries that are to lie within it are added between begin() and this."""
        self.began(nonce, mark, action, approval)
        self.now += takes
        self.answered(status, body)

    def began(self, nonce, mark=None, action="at-most-once", approval=None):
        self.op += 1
        self.client.append(
            {
                "t": self.time(), "op": self.op, "nonce": nonce, "mark": mark or f"mark of {nonce}", "action": action,
                "payload": payload(mark or f"mark of {nonce}"), "approval": approval,
            }
        )  # fmt: skip

    def answered(self, status, body):
        self.client.append({"t": self.time(), "op": self.op, "status": status, "body": json.dumps(body)})

    def entered(self, nonce, execution=None, attempt=1, pid=1, action="at-most-once", mark=None, approval=""):
        self._report("enter", nonce, execution, attempt, mark, pid=pid, action=action, approval=approval, key="k")

    def left(self, nonce, execution=None, attempt=1, mark=None, end="SUCCEEDED"):
        given = json.dumps(result(execution or f"execution of {nonce}"))
        self._report("exit", nonce, execution, attempt, mark, end=end, result=given)

    def _report(self, at, nonce, execution, attempt, mark, **more):
        execution, mark = execution or f"execution of {nonce}", mark or f"mark of {nonce}"
        self.witness.append({"t": self.time(), "at": at, "exec": execution, "attempt": attempt, "mark": mark, **more})

    def row(self, nonce, state="SUCCEEDED", **changes):
        execution = changes.get("exec_id", f"execution of {nonce}")
        self.rows[nonce] = {
            "nonce_key": canonical.nonce_key("", nonce), "exec_id": execution, "nonce": nonce, "authority": "UNSIGNED",
            "approval_id": None, "approval_key": None, "kind": "AT_MOST_ONCE", "state": state, "attempt": 1,
            "request_hash": canonical.request_hash("at-most-once", payload(f"mark of {nonce}")),
            "code": None if state in ("SUCCEEDED", "RUNNING") else "a-code",
            "result": canonical.spaced(result(execution)) if state == "SUCCEEDED" else None,
            "claim_token": f"token of {nonce}", "payload": "{}", "resolved_by": None, "evidence": None, **changes,
        }  # fmt: skip

    def signed_row(self, nonce, approval="an-approval", **changes):
        self.row(
            nonce,
            **{
                "nonce_key": canonical.nonce_key("t", nonce), "authority": "V1", "tenant": "t", "approval_id": approval,
                "approval_key": canonical.approval_key("t", approval), "claimed_at": 5_000, "approval_issued_at": 1_000,
                "approval_expires_at": 9_000, **changes,
            },
        )  # fmt: skip

    def look(self, integrity="ok"):
        """The ledger as it is now, whole."""
        known = {line["row"]["nonce_key"] for line in self.ledger if "row" in line}
        here = {row["nonce_key"] for row in self.rows.values()}
        self.ledger += [{"row": dict(row)} for row in self.rows.values()] + [{"gone": key} for key in known - here]
        undone = {line["effect"]["number"] for line in self.ledger if "effect" in line} - set(range(len(self.effects)))
        self.ledger += [{"undone": number} for number in undone]
        for number, (mark, execution) in enumerate(self.effects):
            self.ledger.append({"effect": {"number": number, "mark": mark, "execution": execution}})
        self.ledger.append({"t": self.time(), "integrity": integrity, "meta": {}})

    def one_that_succeeded(self, nonce="n"):
        self.began(nonce)
        self.entered(nonce)
        self.left(nonce)
        self.row(nonce)
        self.answered(200, success(f"execution of {nonce}"))

    def judged(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, lines in ((CLIENT, self.client), (WITNESS, self.witness), (LEDGER, self.ledger)):
                text = "".join(json.dumps(line) + "\n" for line in lines)
                pathlib.Path(folder, name).write_text(text, encoding="utf-8")
            return violations(History(folder))


def payload(mark):
    return {"mark": mark, "end": "SUCCEEDED", "millis": 0}


def result(execution):
    return {"execution": execution, "attempt": 1}


def success(execution, replayed=False, **changes):
    receipt = canonical.receipt(execution, canonical.spaced(result(execution)))
    return {"id": execution, "receipt": receipt, "replayed": replayed, "result": result(execution), **changes}


def problem(name, execution=None):
    return {"type": f"urn:openexec:problem:{name}", **({"exec_id": execution} if execution else {})}
