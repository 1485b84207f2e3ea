"""Reads a ledger with Python's own SQLite, from a copy: looking changes nothing."""

import json
import pathlib
import shutil
import sqlite3
import tempfile

DIGESTS = ("nonce_key", "untenanted_nonce_key", "approval_key", "request_hash", "action_digest")


def read(file):
    """Whether SQLite finds the file sound, what the ledger says of itself, its rows by nonce key, and the effects in it."""
    with tempfile.TemporaryDirectory(prefix="openexec-look-") as folder:
        copy = pathlib.Path(folder, "copy.db")
        for suffix in ("", "-wal"):
            source = pathlib.Path(f"{file}{suffix}")
            if source.exists():
                shutil.copyfile(source, f"{copy}{suffix}")
        if not copy.exists():
            return "ok", {}, {}, {}
        connection = sqlite3.connect(copy)
        try:
            return contents(connection)
        except sqlite3.DatabaseError as error:
            return str(error), {}, {}, {}
        finally:
            connection.close()


def contents(connection):
    connection.row_factory = sqlite3.Row
    integrity = "; ".join(row[0] for row in connection.execute("PRAGMA integrity_check"))
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "oe_execution" not in tables:
        return integrity, {}, {}, {}
    meta = [dict(row) for row in connection.execute("SELECT * FROM oe_meta")]
    rows = [plain(row) for row in connection.execute("SELECT * FROM oe_execution")]
    effects = connection.execute("SELECT rowid, mark, execution FROM effect") if "effect" in tables else ()
    return (
        integrity,
        (meta or [{}])[0],
        {row["nonce_key"]: row for row in rows},
        {number: {"number": number, "mark": mark, "execution": execution} for number, mark, execution in effects},
    )


def plain(row):
    return {name: row[name].hex() if name in DIGESTS and row[name] is not None else row[name] for name in row.keys()}


class Looks:
    """Appends what it sees to a history: each time only what has changed."""

    def __init__(self, history):
        self.history = pathlib.Path(history)
        self.known = {}
        self.effects = {}

    def look(self, file, time):
        integrity, meta, rows, effects = read(file)
        lines = [{"row": row} for key, row in rows.items() if self.known.get(key) != row]
        lines += [{"gone": key} for key in self.known if key not in rows]
        lines += [{"effect": effect} for number, effect in effects.items() if self.effects.get(number) != effect]
        lines += [{"undone": number} for number in self.effects if number not in effects]
        lines.append({"t": time, "integrity": integrity, "meta": meta})
        with self.history.open("a", encoding="utf-8") as out:
            out.writelines(json.dumps(line) + "\n" for line in lines)
        self.known, self.effects = rows, effects
        return rows
