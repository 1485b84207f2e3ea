"""Clients that go on whatever happens to the server."""

import threading

from checker.answers import OF_AN_EXECUTION, verdict
from driver.orders import KINDS, Orders
from driver.server import Connection
from driver.settling import settle

CLIENTS = 16
ENDS = ("SUCCEEDED",) * 8 + ("FAILED", "THREW")


class Crowd:
    """All of them, at work until the end."""

    def __init__(self, trial, approver):
        self.trial = trial
        self.current = Current()
        self.clients = [Client(trial, Orders(approver), self.current) for _ in range(CLIENTS)]
        for client in self.clients:
            client.start()

    def turn_to(self, server):
        self.current.set(server)

    def settle(self):
        """They stop, and everything they have asked for is asked for again."""
        for client in self.clients:
            client.over.set()
        for client in self.clients:
            client.join()
        self.trial.event("calm")
        orders = [order for client in self.clients for order in client.orders]
        settle(self.trial, orders, [Connection(self.current.server) for _ in range(CLIENTS)])


class Current:
    """The one server there is."""

    def __init__(self):
        self.server = None
        self.changed = threading.Condition()

    def set(self, server):
        with self.changed:
            self.server = server
            self.changed.notify_all()

    def other_than(self, known, over):
        """Waits for a server that is not the one the client knew."""
        with self.changed:
            self.changed.wait_for(lambda: self.server is not known or over.is_set(), 60)
            return self.server


class Client(threading.Thread):
    """Asks for new things, for old ones again, and for what it must not get."""

    def __init__(self, trial, orders, current):
        super().__init__(daemon=True)
        self.trial = trial
        self.make = orders
        self.current = current
        self.random = type(trial.random)(trial.random.random())
        self.over = threading.Event()
        self.orders = []
        self.open = []

    def run(self):
        connection = Connection(self.current.other_than(None, self.over))
        while not self.over.is_set():
            status, body = self.trial.ask(order := self.choose(), connection)
            if verdict(status, body) not in OF_AN_EXECUTION and order in self.orders:
                self.open.append(order)
            if status == 0:
                connection = Connection(self.current.other_than(connection.server, self.over))
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
