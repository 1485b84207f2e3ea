"""One approval is presented thousands of times, under as many nonces, to three servers on one file: it is spent once."""

from functools import partial

from driver.orders import KINDS, Orders
from driver.storms import CALLERS, SERVERS, Weather
from driver.trial import Trial

NAME = "approvals"
SHORT, LONG = (12, 128), (4, 10_240)  # approvals, and presentations of each
WAVE = 4  # of a caller


def short(tools):
    return [partial(round_of, tools, *SHORT)]


def long(tools, number):
    return partial(round_of, tools, *LONG)


def round_of(tools, approvals, presentations):
    with Trial(NAME, tools) as trial:
        weather = Weather(trial, tools.approver)
        orders = Orders(tools.approver)
        approved = [orders.new(KINDS[number % len(KINDS)], millis=20) for number in range(approvals)]
        for order in approved:
            for _ in range(presentations // CALLERS // WAVE):
                weather.storm([[orders.under_another_nonce(order) for _ in range(WAVE)] for _ in range(CALLERS)])
        weather.settle([orders.under_another_nonce(order) for order in approved])
        tools.counts.add(NAME, trials=len(approved))
        told = f"one approval presented {presentations:,} times under as many nonces, to {SERVERS} processes"
        tools.counts.note(NAME, told, len(approved))
        return trial.judge()
