"""How often what was done: adds up over a run, and over the runs of the long campaign in docs/reliability.md.

What was counted on other code than the present one is kept apart: it says less about this code.
"""

import re
import threading
from collections import Counter

from driver.places import ROOT

NAMES = ("rounds", "trials", "kills", "requests", "entries", "violations")
PAGE = ROOT / "docs/reliability.md"
BEFORE = "earlier code"
ROW = re.compile(r"^\| (\w+) \| (?:`(\w+)`|(earlier code)) \|" + r" ([\d,]+) \|" * len(NAMES) + ".*\n", re.MULTILINE)


class Counts:
    """Used by several threads at once."""

    def __init__(self):
        self.of = {}
        self.unsaved = {}
        self.notes = Counter()
        self.lock = threading.Lock()

    def add(self, campaign, **numbers):
        with self.lock:
            for kept in (self.of, self.unsaved):
                counts = kept.setdefault(campaign, dict.fromkeys(NAMES, 0))
                for name, number in numbers.items():
                    counts[name] += number

    def note(self, campaign, what, number=1):
        with self.lock:
            self.notes[f"{campaign}: {what}"] += number

    @property
    def violations(self):
        return sum(counts["violations"] for counts in self.of.values())

    def lines(self):
        for campaign, counts in self.of.items():
            told = ", ".join(f"{counts[name]:,} {name}" for name in NAMES)
            end = f"; at 95 % confidence {bound(counts)} for each trial" if bound(counts) else ""
            yield f"{campaign}: {told}{end}"
        for what, number in sorted(self.notes.items()):
            yield f"  {number:,} x {what}"

    def add_to_page(self, code):
        """Adds what was counted since the last time."""
        with self.lock:
            counted, self.unsaved = self.unsaved, {}
        text = PAGE.read_text(encoding="utf-8")
        rows = {}
        for campaign, tree, _, *numbers in ROW.findall(text):
            key = (campaign, tree if tree == code else BEFORE)
            plus(rows, key, [int(number.replace(",", "")) for number in numbers])
        for campaign, counts in counted.items():
            plus(rows, (campaign, code), counts.values())
        head, _, rest = text.partition("|---|---|--:")
        line, _, rest = rest.partition("\n")
        table = "".join(row_of(*key, rows[key]) for key in sorted(rows, key=lambda key: (key[0], key[1] == BEFORE)))
        PAGE.write_text(f"{head}|---|---|--:{line}\n{table}{ROW.sub('', rest)}", encoding="utf-8")


def plus(rows, key, numbers):
    rows[key] = [sum(pair) for pair in zip(rows.get(key, [0] * len(NAMES)), numbers)]


def row_of(campaign, code, numbers):
    shown = " | ".join(f"{number:,}" for number in numbers)
    tree = code if code == BEFORE else f"`{code}`"
    return f"| {campaign} | {tree} | {shown} | {bound(dict(zip(NAMES, numbers)))} |\n"


def bound(counts):
    """The rule of three: with no violation in N independent trials, their rate is below 3/N with 95 % confidence."""
    if counts["violations"] or not counts["trials"]:
        return ""
    return f"< {3 / counts['trials']:.1e}"
