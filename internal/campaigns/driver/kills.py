"""Random kill -9 of a server that 16 clients are talking to; each round on a ledger of its own."""

import threading
from functools import partial

from checker.answers import OF_AN_EXECUTION, verdict
from driver.orders import KINDS, Orders
from driver.server import Connection, Server
from driver.settling import settle
from driver.trial import Trial

NAME = "kills"
CLIENTS = 16
KILLS = 25  # of a round
ENDS = ("SUCCEEDED",) * 8 + ("FAILED", "THREW")


def short(tools):
    return [partial(round_of, tools, approver) for approver in (None, tools.approver)]


def long(tools, number):
    return short(tools)[number % 2]


def round_of(tools, approver):
    with Trial(NAME, tools) as trial:
        fleet = Fleet(trial, approver)
        clients = [Client(trial, Orders(approver), fleet) for _ in range(CLIENTS)]
        for client in clients:
            client.start()
        for _ in range(KILLS):
            fleet.begin()
            fleet.kill_some_time(trial.random)
            trial.look()
        fleet.begin()
        for client in clients:
            client.over.set()
        for client in clients:
            client.join()
        trial.event("calm")
        orders = [order for client in clients for order in client.orders]
        settle(trial, orders, [Connection(fleet.server) for _ in range(CLIENTS)])
        fleet.server.stop()
        trial.look()
        tools.counts.add(NAME, trials=KILLS)
        return trial.judge()


class Fleet:
    """The one server there is, or is not."""

    def __init__(self, trial, approver):
        self.trial = trial
        self.approver = approver
        self.server = None
        self.changed = threading.Condition()

    def begin(self):
        server = Server(self.trial, self.approver)
        if self.trial.random.random() < 0.1:  # in the middle of its start
            server.ended.wait(self.trial.random.uniform(0.2, 0.8))
            server.kill()
            self.trial.look()
            server = Server(self.trial, self.approver)
        server.ready()
        with self.changed:
            self.server = server
            self.changed.notify_all()

    def kill_some_time(self, random):
        self.server.ended.wait(random.uniform(0.05, 1))
        self.server.kill()

    def other_than(self, known, over):
        """Waits for a server that is not the one the client knew."""
        with self.changed:
            self.changed.wait_for(lambda: self.server is not known or over.is_set(), 60)
            return self.server


class Client(threading.Thread):
    """Asks for new things, for old ones again, and for what it must not get."""

    def __init__(self, trial, orders, fleet):
        super().__init__(daemon=True)
        self.trial = trial
        self.make = orders
        self.fleet = fleet
        self.random = type(trial.random)(trial.random.random())
        self.over = threading.Event()
        self.orders = []
        self.open = []

    def run(self):
        connection = Connection(self.fleet.other_than(None, self.over))
        while not self.over.is_set():
            status, body = self.trial.ask(order := self.choose(), connection)
            if verdict(status, body) not in OF_AN_EXECUTION and order in self.orders:
                self.open.append(order)
            if status == 0:
                connection = Connection(self.fleet.other_than(connection.server, self.over))
        connection.close()

    def choose(self):
        dice = self.random.random()
        if self.open and dice < 0.3:
            return self.open.pop()
        if self.orders and dice < 0.45:
            return self.random.choice(self.orders)
        if self.orders and dice < 0.5:
            return self.make.for_something_else(self.random.choice(self.orders))
        if self.orders and dice < 0.55 and self.make.approver:
            return self.make.under_another_nonce(self.random.choice(self.orders))
        order = self.make.new(self.random.choice(KINDS), self.random.choice(ENDS), self.random.choice((0, 0, 5, 50)))
        self.orders.append(order)
        return order
