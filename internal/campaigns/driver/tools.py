"""What all trials of a run share."""

import itertools
import random

from driver.approver import Approver
from driver.places import class_path, java

OPTIONS = ("-Xmx192m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "--enable-native-access=ALL-UNNAMED")


class Tools:
    def __init__(self, counts, seed, overlay=None):
        self.counts = counts
        self.seed = seed
        self.random = random.Random(seed)
        self.numbers = itertools.count(1)
        self.keeping = overlay is None  # the histories of violations
        self.class_path = class_path(overlay)
        self.approver = Approver(self)

    def java(self, main, *arguments, witness=None):
        seen_by = [f"-Dcampaign.witness={witness.port}"] if witness else []
        return [java(), *OPTIONS, *seen_by, "-cp", self.class_path, main, *arguments]

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.approver.close()
