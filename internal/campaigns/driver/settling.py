"""After the faults: everything that has no final answer yet is asked for again, until it has one."""

import time
from concurrent.futures import ThreadPoolExecutor

from checker.answers import NONE, OF_AN_EXECUTION, REFUSED, UNTIMELY, verdict
from driver.places import Unfit

FINAL = (*OF_AN_EXECUTION, REFUSED, UNTIMELY)
LIMIT_S = 15


def settle(trial, orders, channels):
    """Asks for each order; the verdicts by nonce."""
    with ThreadPoolExecutor(len(channels)) as pool:
        shares = [orders[number :: len(channels)] for number in range(len(channels))]
        return dict(pair for share in pool.map(settle_share, [trial] * len(shares), shares, channels) for pair in share)


def settle_share(trial, orders, channel):
    return [(order.nonce, until_final(trial, order, channel)) for order in orders]


def until_final(trial, order, channel):
    """Or until it was long enough: that there is no final answer is for the checker to say."""
    end = time.monotonic() + LIMIT_S
    while True:
        answer = verdict(*trial.ask(order, channel))
        if answer in FINAL or time.monotonic() > end:
            return answer
        if answer == NONE and channel.over:
            raise Unfit("the process that is asked is no more")
