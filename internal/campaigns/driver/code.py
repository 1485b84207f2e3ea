"""Which code was driven."""

import hashlib
import subprocess

from driver.places import ROOT

PARTS = ("openexec-core/src/main", "openexec-store-jdbc/src/main", "openexec-server/src/main")


def tree():
    """A name of the code that is committed; a + follows it if what is there differs from that."""
    trees = [git("rev-parse", f"HEAD:{part}") for part in PARTS]
    changed = git("status", "--porcelain", "--", *PARTS)
    return hashlib.sha256("".join(trees).encode()).hexdigest()[:10] + ("+" if changed else "")


def git(*arguments):
    done = subprocess.run(["git", *arguments], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()
