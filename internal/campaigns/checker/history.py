"""What was written down during a trial, in three files of JSON lines that are joined by nonce and execution id.

  client.jsonl   what was asked and answered, and what was done to the processes
  witness.jsonl  when an action was entered and left, by a process that knows nothing of the ledger
  ledger.jsonl   the rows, and the effects in the same file, as plain SQLite reads them: at each look what is new, changed
                 or gone since the one before

Times are nanoseconds of the machine's monotonic clock, which all processes share.
"""

import json
import pathlib
from collections import defaultdict
from typing import NamedTuple, Optional

from checker import answers

CLIENT, WITNESS, LEDGER = "client.jsonl", "witness.jsonl", "ledger.jsonl"
DEATHS = ("doomed", "killed", "stopping")  # the process may be gone from then on
PURE, TRANSACTIONAL = "pure", "transactional"


class Request(NamedTuple):
    """A request and its answer."""

    where: str  # file and line
    asked: int
    answered: int
    nonce: str
    mark: str  # stands in the payload: one for all that asks for the same thing
    action: str
    payload: dict
    approval: Optional[dict]
    status: int
    body: str
    verdict: str

    @property
    def told(self):
        """The body as an object; empty if it is none."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}


class Entry(NamedTuple):
    """An action was entered."""

    where: str
    time: int
    pid: int
    execution: str
    attempt: int
    action: str
    mark: str
    approval: str
    key: str


class Exit(NamedTuple):
    """An action was left: its effect, unless it FAILED, has happened."""

    where: str
    time: int
    execution: str
    attempt: int
    mark: str
    end: str
    result: str


class Event(NamedTuple):
    where: str
    time: int
    name: str
    pid: int
    told: dict


class Row(NamedTuple):
    where: str
    columns: dict

    def __getattr__(self, column):
        return self.columns[column]


class Effect(NamedTuple):
    """What a TRANSACTIONAL action left in the ledger's file."""

    where: str
    number: int
    mark: str
    execution: str


class Look(NamedTuple):
    """The whole ledger at one time, while no process had it open."""

    where: str
    time: int
    integrity: str
    log: str
    meta: dict
    rows: dict  # by nonce key
    effects: dict  # by number


class History:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.requests, self.events = [], []
        self.entries, self.exits = [], []
        self.looks = []
        self._read_client()
        self._read_witness()
        self._read_ledger()
        self.by_nonce = grouped(self.requests, "nonce")
        self.by_mark = grouped(self.requests, "mark")
        self.exits_of = grouped(self.exits, "execution")
        self.rows = {row.exec_id: row for row in (self.looks[-1].rows.values() if self.looks else ())}
        self.effects = list(self.looks[-1].effects.values()) if self.looks else []
        self.kept = {effect.execution for look in self.looks for effect in look.effects.values()}  # at any look
        self.effective = [entry for entry in self.entries if self._has_effect(entry)]
        self.recorded = {row.exec_id: row for look in self.looks for row in look.rows.values()}  # at any look

    def _lines(self, name):
        file = self.folder / name
        if file.exists():
            with file.open(encoding="utf-8") as lines:
                for number, line in enumerate(lines, 1):
                    yield f"{name}:{number}", json.loads(line)

    def _read_client(self):
        asked = {}
        for where, line in self._lines(CLIENT):
            if "event" in line:
                self.events.append(Event(where, line["t"], line["event"], line.get("pid", 0), line))
            elif "nonce" in line:
                asked[line["op"]] = (where, line)
            else:
                self.requests.append(request(*asked.pop(line["op"]), line))
        for where, line in asked.values():  # the trial ended first
            self.requests.append(request(where, line, {"t": line["t"], "status": 0, "body": ""}))

    def _read_witness(self):
        for where, line in self._lines(WITNESS):
            if line["at"] == "enter":
                self.entries.append(
                    Entry(
                        where, line["t"], line["pid"], line["exec"], line["attempt"],
                        line["action"], line["mark"], line["approval"], line["key"],
                    )
                )  # fmt: skip
            else:
                self.exits.append(
                    Exit(
                        where, line["t"], line["exec"], line["attempt"], line["mark"], line["end"], line["result"]
                    )
                )  # fmt: skip

    def _read_ledger(self):
        rows, effects = {}, {}
        for where, line in self._lines(LEDGER):
            if "row" in line:
                rows[line["row"]["nonce_key"]] = Row(where, line["row"])
            elif "gone" in line:
                rows.pop(line["gone"], None)
            elif "effect" in line:
                effects[line["effect"]["number"]] = Effect(where, **line["effect"])
            elif "undone" in line:
                effects.pop(line["undone"], None)
            else:  # what ends a look
                self.looks.append(Look(where, line["t"], line["integrity"], line.get("log", "ok"), line["meta"], dict(rows), dict(effects)))

    def _has_effect(self, entry):
        """What a transaction did is undone without the witness: its effect is what the ledger's file keeps."""
        return entry.action != PURE and (entry.action != TRANSACTIONAL or entry.execution in self.kept)

    def times(self, event):
        return [found.time for found in self.events if found.name == event]

    def death_of(self, pid):
        """From when on the process may have been gone; None if it lived to the end."""
        return min((event.time for event in self.events if event.pid == pid and event.name in DEATHS), default=None)

    def nonce_of(self, entry):
        """Whose entry it is: the ledger knows, or else the client, if it used the mark for one nonce only."""
        row = self.recorded.get(entry.execution)
        if row:
            return row.nonce
        nonces = {request.nonce for request in self.by_mark[entry.mark]}
        return nonces.pop() if len(nonces) == 1 else f"(mark {entry.mark})"


def request(where, asked, got):
    return Request(
        where, asked["t"], got["t"], asked["nonce"], asked["mark"], asked["action"], asked["payload"],
        asked.get("approval"), got["status"], got["body"], answers.verdict(got["status"], got["body"]),
    )  # fmt: skip


def grouped(items, name):
    groups = defaultdict(list)
    for item in items:
        groups[getattr(item, name)].append(item)
    return groups
