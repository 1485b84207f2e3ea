"""Duplicate storms: 32 callers ask for one thing at once, over three servers on one file. One of them may be killed.

Several storms blow at once: each caller asks for one thing after the other, in the same order as all others.
"""

import threading
from functools import partial

from driver.orders import KINDS, Orders
from driver.server import Connection, Server
from driver.settling import settle
from driver.subject import make_ledger
from driver.trial import Trial

NAME = "storms"
CALLERS = 32
SERVERS = 3
AT_ONCE = 8
SHORT, LONG = 64, 1000  # of a round


def short(tools):
    return [partial(round_of, tools, approver, SHORT) for approver in (None, tools.approver)]


def long(tools, number):
    return partial(round_of, tools, tools.approver if number % 2 else None, LONG)


def round_of(tools, approver, storms):
    with Trial(NAME, tools) as trial:
        weather = Weather(trial, approver)
        orders = Orders(approver)
        asked = []
        for number in range(0, storms, AT_ONCE):
            kinds = [trial.random.choice(KINDS) for _ in range(AT_ONCE)]
            wave = [orders.new(kind, millis=trial.random.choice((0, 0, 2, 20))) for kind in kinds]
            asked += wave
            weather.storm([wave] * CALLERS, killed=trial.random.randrange(SERVERS) if number % 64 == 32 else None)
        weather.settle(asked)
        tools.counts.add(NAME, trials=storms)
        tools.counts.note(NAME, f"one nonce asked for {CALLERS} times at once, over {SERVERS} processes", storms)
        return trial.judge()


class Weather:
    """Three servers, and the callers, each with a connection to one of them."""

    def __init__(self, trial, approver):
        self.trial = trial
        make_ledger(trial, approver)
        self.servers = [Server(trial, approver) for _ in range(SERVERS)]
        for server in self.servers:
            server.ready()
        self.orders = None
        self.gate = threading.Barrier(CALLERS + 1)
        self.callers = [threading.Thread(target=self._call, args=(number,), daemon=True) for number in range(CALLERS)]
        for caller in self.callers:
            caller.start()

    def storm(self, orders, killed=None):
        """Each caller gets its own. Returns when all are answered. The server that was killed has a successor then."""
        self.orders = orders
        self.gate.wait()
        if killed is not None:
            self.servers[killed].kill()
        self.gate.wait()
        if killed is not None:
            self.servers[killed] = Server(self.trial, self.servers[killed].approver)
            self.servers[killed].ready()

    def settle(self, orders):
        """It is over: what it left open is asked for again."""
        self.orders = None
        self.gate.wait()
        for caller in self.callers:
            caller.join()
        self.trial.event("calm")
        settle(self.trial, orders, [Connection(server) for server in self.servers])
        for server in self.servers:
            server.stop()
        self.trial.look()

    def _call(self, number):
        connections = {}
        while True:
            self.gate.wait()
            if self.orders is None:
                return
            server = self.servers[number % SERVERS]
            connection = connections.setdefault(server, Connection(server))
            for order in self.orders[number]:
                self.trial.ask(order, connection)
            self.gate.wait()
