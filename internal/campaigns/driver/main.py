"""The commands of scripts/campaign."""

import itertools
import os
import random
import signal
import sys
import time
import unittest
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from changes import Fault
from checker.history import History
from checker.invariants import ALL, violations
from driver import approvals, clocks, code, crashes, damage, disk, kills, planted, prunes, resolves, several, storms
from driver.counts import Counts
from driver.places import HOME, Unfit
from driver.tools import Tools

ALL_OF_THEM = (crashes, kills, storms, approvals, damage, disk, clocks, prunes, resolves, several)
CAMPAIGNS = {campaign.NAME: campaign for campaign in ALL_OF_THEM}
AT_ONCE = 2


def main(usage):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # by way of finally
    command, *words = sys.argv[1:] or [""]
    try:
        if command == "short":
            sys.exit(short(words))
        if command == "long":
            sys.exit(long(words))
        if command == "check" and words:
            sys.exit(check(words))
        if command == "planted":
            sys.exit(planted.run(words, CAMPAIGNS, seed()))
    except (Unfit, Fault) as fault:
        sys.exit(f"scripts/campaign {command}: {fault}")
    sys.exit(usage)


def chosen(names):
    unknown = [name for name in names if name not in CAMPAIGNS]
    if unknown:
        raise Unfit(f"no such campaign: {', '.join(unknown)}; there are {', '.join(CAMPAIGNS)}")
    return [CAMPAIGNS[name] for name in names or CAMPAIGNS]


def short(names):
    campaigns = chosen(names)
    if not names:
        test_checker()
        planted.check(CAMPAIGNS)
    with Tools(Counts(), seed()) as tools:
        return driven(tools, (round_of for campaign in campaigns for round_of in campaign.short(tools)))


def test_checker():
    tests = unittest.defaultTestLoader.discover(str(HOME / "tests"), top_level_dir=str(HOME))
    result = unittest.TextTestRunner(sys.stdout, verbosity=0).run(tests)
    if not result.testsRun or not result.wasSuccessful():
        raise Unfit("the checker's own tests fail")


def long(words):
    minutes = 60.0
    if "--minutes" in words:
        position = words.index("--minutes")
        minutes = float(words[position + 1])
        words = words[:position] + words[position + 2 :]
    campaigns = chosen(words)
    end = time.monotonic() + 60 * minutes
    tree = code.tree()
    counts = Counts()
    with Tools(counts, seed()) as tools:
        try:
            return driven(tools, saving(counts, tree, rounds_until(end, campaigns, tools)))
        finally:
            save(counts, tree)


def rounds_until(end, campaigns, tools):
    for number in itertools.count():
        for campaign in campaigns:
            if time.monotonic() > end or tools.counts.violations:
                return
            yield campaign.long(tools, number)


def saving(counts, tree, rounds):
    """Whatever ends the run: what was counted before stays counted."""
    for round_of in rounds:
        save(counts, tree)
        yield round_of


def save(counts, tree):
    if not tree.endswith("+"):  # else it is nobody's code
        counts.add_to_page(tree)


def driven(tools, rounds):
    """Two rounds at a time: most of one is waiting for processes to start."""
    running = set()
    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for round_of in rounds:
                running.add(pool.submit(round_of))
                if len(running) == AT_ONCE:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    raise_failure(done)
            done, running = wait(running)
            raise_failure(done)
    finally:
        print(*tools.counts.lines(), sep="\n")
    return 1 if tools.counts.violations else 0


def raise_failure(done):
    for future in done:
        future.result()


def seed():
    """Repeats the choices of an earlier run, though not its timing."""
    value = os.environ.get("CAMPAIGN_SEED") or str(random.randrange(1 << 32))
    print(f"CAMPAIGN_SEED={value}", flush=True)
    return value


def check(folders):
    found = 0
    for folder in folders:
        history = History(folder)
        for violation in violations(history):
            found += 1
            print(f"{violation.invariant} {violation.nonce}: {violation.text}")
            for line in violation.lines:
                print(f"    {folder}/{line}")
        told = f"{len(history.requests)} requests, {len(history.entries)} entries, {len(history.rows)} rows"
        print(f"{folder}: {told}, {len(history.looks)} looks")
    print(f"{len(ALL)} invariants, {found} violations")
    return 1 if found else 0
