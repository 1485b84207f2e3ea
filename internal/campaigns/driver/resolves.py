"""Nobody knows how it ended, until somebody says so with the command line tool, while two servers have the ledger open. Tool
and servers are killed at any time; two tools say different things at once.
"""

import json
import subprocess
import threading
import uuid
from functools import partial

from driver.orders import KINDS, Orders
from driver.places import Unfit, cli
from driver.server import Connection, Server
from driver.settling import settle
from driver.subject import make_ledger
from driver.trial import Trial

NAME = "resolves"
UNKNOWN = KINDS[:2]  # of these an exception says nothing
SHORT, LONG = 4, 40  # of a round
LIMIT_S = 60


def short(tools):
    return [partial(round_of, tools, tools.approver, SHORT)]


def long(tools, number):
    return partial(round_of, tools, tools.approver if number % 2 else None, LONG)


def round_of(tools, approver, resolutions):
    with Trial(NAME, tools) as trial:
        make_ledger(trial, approver)
        doubts = Doubts(trial, approver)
        for number in range(resolutions):
            doubts.resolve(number)
        doubts.end()
        tools.counts.add(NAME, trials=resolutions)
        return trial.judge()


class Doubts:
    def __init__(self, trial, approver):
        self.trial = trial
        self.approver = approver
        self.orders = Orders(approver)
        self.asked = []
        self.servers = [self._server(), self._server()]
        for server in self.servers:
            server.ready()

    def resolve(self, number):
        """In peace, or another tool says something else, or the tool is killed, or a server: each in its turn."""
        kind = UNKNOWN[(number + number // 4) % len(UNKNOWN)]  # so that each kind meets each of the four
        order = self.orders.new(kind, end="THREW")
        self.asked.append(order)
        _, body = self.trial.ask(order, Connection(self.servers[0]))
        execution = json.loads(body)["exec_id"]
        tools = [self._say(execution, succeeded=number % 4 < 2)]
        if number % 4 == 1:
            tools.append(self._say(execution, succeeded=False))
        if number % 4 == 2:
            self._let_run(tools[0])
            tools[0].kill()
        if number % 4 == 3:
            self._let_run(tools[0])
            self.servers[1].kill()
        for tool in tools:
            tool.wait(LIMIT_S)
        if number % 4 == 0 and tools[0].returncode:
            raise Unfit(f"it was not resolved: status {tools[0].returncode}")
        if number % 4 == 3:
            self.servers[1] = self._server()
            self.servers[1].ready()
        for server in self.servers:
            self.trial.ask(order, Connection(server))

    def end(self):
        self.trial.event("calm")
        settle(self.trial, self.asked, [Connection(server) for server in self.servers])
        for server in self.servers:
            server.stop()
        self.trial.look()

    def _server(self):
        return Server(self.trial, self.approver)

    def _let_run(self, tool):
        """For about as long as it takes, or less."""
        threading.Event().wait(self.trial.random.uniform(0.3, 1.5))

    def _say(self, execution, succeeded):
        evidence = str(uuid.uuid4())
        self.trial.event("resolve", execution=execution, succeeded=succeeded, evidence=evidence)
        result = self.trial.folder / f"{evidence}.json"
        result.write_text(json.dumps({"evidence": evidence}))
        truth = ("--succeeded", str(result)) if succeeded else ("--failed", "looked-at")
        says = ("--actor", "a person", "--evidence")
        return subprocess.Popen(
            cli("resolve", execution, *truth, "--db-url", f"sqlite:///{self.trial.ledger}", *says, evidence),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=(self.trial.folder / "cli.log").open("a"),
        )
