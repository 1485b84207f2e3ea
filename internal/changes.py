"""Changes of the main code as documents write them down: a file's name, and below it a diff. Of scripts/breakages and
scripts/campaign planted."""

import pathlib
import re
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parent.parent

CHANGE = re.compile(r"^`(\S+)`\n\n```diff\n((?:[-+ ].*\n|\n)+)```$", re.MULTILINE)


class Fault(Exception):
    pass


class Change(NamedTuple):
    file: str
    before: str
    after: str


def text_of(path):
    return path.read_text(encoding="utf-8")


def sections(folder):
    """Title and text of every third-level section below a folder."""
    for file in sorted(folder.glob("*.md")):
        for section in text_of(file).split("\n### ")[1:]:
            title, _, text = section.partition("\n")
            yield title, text


def changes_in(text):
    found = tuple(Change(file, *sides(diff)) for file, diff in CHANGE.findall(text))
    return found if text.count("```") == 2 * len(found) else ()


def sides(diff):
    """The text before and after. A line without a sign is on both sides."""
    lines = [line or " " for line in diff.splitlines()]
    before = [line[1:] for line in lines if line[0] != "+"]
    after = [line[1:] for line in lines if line[0] != "-"]
    return "".join(line + "\n" for line in before), "".join(line + "\n" for line in after)


def unfit(title, changes):
    """What does not fit the code as it is."""
    for change in changes:
        file = ROOT / change.file
        if "/src/main/" not in change.file or not file.is_file():
            yield f"{title}: no such file of the main code: {change.file}"
        elif change.before == change.after or text_of(file).count(change.before) != 1:
            yield f"{title}: what is to be changed does not stand once in {change.file}"
