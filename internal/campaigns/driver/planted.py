"""Plants bugs in the main code, one after the other, and demands that the named invariant reports each.

A bug is a section of internal/campaigns/planted/*.md: a title, the invariant that has to catch it, the campaign in which,
and what is changed in which files. A changed file is compiled against the server's jar and put before it on the class
path: the jar itself, and the tree, stay as they are.
"""

import pathlib
import re
import subprocess
import tempfile
import time
from typing import NamedTuple

from changes import ROOT, Fault, changes_in, sections, text_of, unfit
from driver.counts import Counts
from driver.places import HOME, Unfit, class_path, java
from driver.tools import Tools

CAUGHT_BY = re.compile(r"^- caught by: (I\d+)$", re.MULTILINE)
CAMPAIGN = re.compile(r"^- campaign: (\w+)(?:, round (\d+))?$", re.MULTILINE)

NULLNESS = {  # the annotations of the main code, which no jar of ours has in it
    "Nullable": "@java.lang.annotation.Target(java.lang.annotation.ElementType.TYPE_USE) public @interface Nullable {}",
    "NullMarked": "public @interface NullMarked {}",
}


class Bug(NamedTuple):
    title: str
    invariant: str
    campaign: str
    round: int
    changes: tuple


def bugs():
    return [bug(title, text) for title, text in sections(HOME / "planted")]


def bug(title, text):
    invariant, campaign, changes = CAUGHT_BY.search(text), CAMPAIGN.search(text), changes_in(text)
    if not invariant or not campaign or not changes:
        raise Fault(f"{title}: a bug says what catches it, in which campaign, and what is changed")
    return Bug(title, invariant[1], campaign[1], int(campaign[2] or 1), changes)


def check(campaigns):
    """That all of them fit the code as it is."""
    planted = bugs()
    for found in planted:
        if found.campaign not in campaigns:
            raise Fault(f"{found.title}: no campaign {found.campaign}")
        for fault in unfit(found.title, found.changes):
            raise Fault(fault)
    print(f"{len(planted)} planted bugs fit the code")


def run(words, campaigns, seed):
    chosen = [found for found in bugs() if not words or any(word in found.title for word in words)]
    missed = [found.title for found in chosen if not caught(found, campaigns, seed)]
    print(f"{len(chosen)} planted bugs, {len(chosen) - len(missed)} caught")
    if missed:
        raise Fault("not caught:\n" + "\n".join(missed))


def caught(found, campaigns, seed):
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="openexec-planted-") as overlay:
        compile_into(pathlib.Path(overlay), found)
        with Tools(Counts(), seed, overlay) as tools:
            violations, reason = driven(campaigns[found.campaign], found, tools)
    by = sorted({violation.invariant for violation in violations}, key=lambda name: int(name[1:]))
    good = found.invariant in by
    print(f"{'caught' if good else 'MISSED'} {found.title}")
    print(f"       {found.invariant} in {found.campaign}, {time.monotonic() - began:.0f} s; by all: {', '.join(by)}{reason}")
    for violation in [violation for violation in violations if violation.invariant == found.invariant][:1]:
        print(f"       {violation.nonce}: {violation.text}", flush=True)
    return good


def driven(campaign, found, tools):
    """Twice, if it comes to nothing: a bug may keep a campaign from its places."""
    for _ in range(2):
        try:
            return campaign.short(tools)[found.round - 1](), ""
        except Unfit as unfit_campaign:
            reason = f" ({unfit_campaign})"
    return [], reason


def compile_into(overlay, found):
    sources = overlay / "sources"
    for file, text in changed_files(found.changes).items():
        place = file.partition("/src/main/")[2]
        kind, _, name = place.partition("/")
        write((sources if kind == "java" else overlay) / name, text)
    if not sources.exists():
        return
    for name, text in NULLNESS.items():
        write(sources / f"org/jspecify/annotations/{name}.java", f"package org.jspecify.annotations; {text}")
    java_files = map(str, sources.glob("**/*.java"))
    command = [java() + "c", "-nowarn", "-proc:none", "-cp", class_path(), "-d", str(overlay), *java_files]
    compiled = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if compiled.returncode:
        raise Fault(f"{found.title}: does not compile:\n{compiled.stdout}")


def changed_files(changes):
    texts = {}
    for change in changes:
        text = texts.get(change.file) or text_of(ROOT / change.file)
        texts[change.file] = text.replace(change.before, change.after)
    return texts


def write(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
