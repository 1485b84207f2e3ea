"""Where things are."""

import os
import pathlib
import shutil

ROOT = pathlib.Path(__file__).resolve().parents[3]
HOME = ROOT / "internal/campaigns"
JARS = (
    ROOT / "openexec-server/target/openexec-server.jar",
    HOME / "target/classes",
    ROOT / "openexec-testkit/target/classes",
)
KEPT = ROOT / "target/campaigns"  # histories of violations


class Unfit(Exception):
    """The campaign itself could not do what it set out to do: neither a proof nor a violation."""


def java():
    home = os.environ.get("JAVA_HOME")
    return f"{home}/bin/java" if home else shutil.which("java")


def cli(*arguments):
    jar = ROOT / "openexec-cli/target/openexec-cli.jar"
    if not jar.exists():
        raise missing(jar)
    return [java(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-jar", str(jar), *arguments]


def missing(part):
    return Unfit(f"{part.relative_to(ROOT)} is not there yet: ./mvnw -q -DskipTests package")


def class_path(overlay=None):
    for part in JARS:
        if not part.exists():
            raise missing(part)
    return os.pathsep.join(map(str, ([overlay] if overlay else []) + list(JARS)))
