"""Duplicate storms: 32 callers ask for one thing at once, over three servers on one file. One of them may be killed.

In demo mode one nonce is asked for 32 times. In signed mode one approval is presented 32 times: under one nonce, or
under 32 different ones.
"""

import threading
from functools import partial

from driver.orders import KINDS, Orders
from driver.server import Connection, Server
from driver.settling import settle
from driver.trial import Trial

NAME = "storms"
CALLERS = 32
SERVERS = 3
STORMS = 100  # of a round


def short(tools):
    return [partial(round_of, tools, approver, STORMS) for approver in (None, tools.approver)]


def long(tools, number):
    return partial(round_of, tools, tools.approver if number % 2 else None, 10 * STORMS)


def round_of(tools, approver, storms):
    with Trial(NAME, tools) as trial:
        servers = [Server(trial, approver) for _ in range(SERVERS)]
        for server in servers:
            server.ready()
        orders = Orders(approver)
        weather = Weather(trial, servers)
        asked = []
        for number in range(storms):
            order = orders.new(trial.random.choice(KINDS), millis=trial.random.choice((0, 0, 2, 20)))
            spread = approver and number % 2
            asked.append([orders.under_another_nonce(order) if spread else order for _ in range(CALLERS)])
            weather.storm(asked[-1], killed=trial.random.randrange(SERVERS) if number % 50 == 25 else None)
        weather.end()
        trial.event("calm")
        settle(trial, [order for storm in asked for order in storm[:2]], [Connection(server) for server in weather.servers])
        for server in weather.servers:
            server.stop()
        trial.look()
        tools.counts.add(NAME, trials=storms)
        return trial.judge()


class Weather:
    """The callers, each with a connection to every server."""

    def __init__(self, trial, servers):
        self.trial = trial
        self.servers = servers
        self.orders = None
        self.gate = threading.Barrier(CALLERS + 1)
        self.callers = [threading.Thread(target=self._call, args=(number,), daemon=True) for number in range(CALLERS)]
        for caller in self.callers:
            caller.start()

    def storm(self, orders, killed):
        """Returns when all callers are answered. The server that was killed has a successor then."""
        self.orders = orders
        self.gate.wait()
        if killed is not None:
            self.servers[killed].kill()
        self.gate.wait()
        if killed is not None:
            self.servers[killed] = Server(self.trial, self.servers[killed].approver)
            self.servers[killed].ready()

    def end(self):
        self.orders = None
        self.gate.wait()
        for caller in self.callers:
            caller.join()

    def _call(self, number):
        connections = {}
        while True:
            self.gate.wait()
            if self.orders is None:
                return
            server = self.servers[number % SERVERS]
            connection = connections.setdefault(server, Connection(server))
            self.trial.ask(self.orders[number], connection)
            self.gate.wait()
