"""Random kill -9 of a server that 16 clients are talking to; each round on a ledger of its own."""

from functools import partial

from driver.clients import Crowd
from driver.server import Server
from driver.subject import make_ledger
from driver.trial import Trial

NAME = "kills"
SHORT, LONG = 12, 25  # of a round


def short(tools):
    return [partial(round_of, tools, approver, SHORT) for approver in (None, tools.approver)]


def long(tools, number):
    return partial(round_of, tools, tools.approver if number % 2 else None, LONG)


def round_of(tools, approver, kills):
    with Trial(NAME, tools) as trial:
        make_ledger(trial, approver)
        crowd = Crowd(trial, approver)
        for _ in range(kills):
            server = begun(trial, approver)
            crowd.turn_to(server)
            server.ended.wait(trial.random.uniform(0.05, 1))
            server.kill()
            trial.look()
        server = begun(trial, approver)
        crowd.turn_to(server)
        crowd.settle()
        server.stop()
        trial.look()
        tools.counts.add(NAME, trials=kills)
        return trial.judge()


def begun(trial, approver):
    server = Server(trial, approver)
    if trial.random.random() < 0.1:  # in the middle of its start
        server.ended.wait(trial.random.uniform(0.2, 0.8))
        server.kill()
        trial.look()
        server = Server(trial, approver)
    server.ready()
    return server
