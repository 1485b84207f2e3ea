"""Reads a ledger with Python's own SQLite, from a copy: looking changes nothing."""

import json
import pathlib
import shutil
import sqlite3
import tempfile

from checker import log


def read(file):
    """Whether SQLite finds the file sound, and the log is, what the ledger says of itself, its rows, and the effects in it."""
    with tempfile.TemporaryDirectory(prefix="openexec-look-") as folder:
        copy = pathlib.Path(folder, "copy.db")
        for suffix in ("", "-wal"):
            source = pathlib.Path(f"{file}{suffix}")
            if source.exists():
                shutil.copyfile(source, f"{copy}{suffix}")
        if not copy.exists():
            return "ok", "ok", {}, {}, {}
        connection = sqlite3.connect(copy)
        try:
            return contents(connection)
        except sqlite3.DatabaseError as error:
            return str(error), "ok", {}, {}, {}
        finally:
            connection.close()


def contents(connection):
    connection.row_factory = sqlite3.Row
    integrity = "; ".join(row[0] for row in connection.execute("PRAGMA integrity_check"))
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "oe_execution" not in tables:
        return integrity, "ok", {}, {}, {}
    metas = [plain(row) for row in connection.execute("SELECT * FROM oe_meta")]
    rows = [plain(row) for row in connection.execute("SELECT * FROM oe_execution")]
    effects = connection.execute("SELECT rowid, mark, execution FROM effect") if "effect" in tables else ()
    meta = metas[0] if metas else {}
    by_key = {row["nonce_key"]: row for row in rows}
    return (
        integrity,
        log.fault(connection, meta, by_key) if meta and integrity == "ok" else "ok",
        meta,
        by_key,
        {number: {"number": number, "mark": mark, "execution": execution} for number, mark, execution in effects},
    )


def plain(row):
    return {name: row[name].hex() if isinstance(row[name], bytes) else row[name] for name in row.keys()}


class Looks:
    """Appends what it sees to a history: each time only what has changed."""

    def __init__(self, history):
        self.history = pathlib.Path(history)
        self.known = {}
        self.effects = {}

    def look(self, file, time):
        integrity, fault, meta, rows, effects = read(file)
        lines = [{"row": row} for key, row in rows.items() if self.known.get(key) != row]
        lines += [{"gone": key} for key in self.known if key not in rows]
        lines += [{"effect": effect} for number, effect in effects.items() if self.effects.get(number) != effect]
        lines += [{"undone": number} for number in self.effects if number not in effects]
        lines.append({"t": time, "integrity": integrity, "log": fault, "meta": meta})
        with self.history.open("a", encoding="utf-8") as out:
            out.writelines(json.dumps(line) + "\n" for line in lines)
        self.known, self.effects = rows, effects
        return rows
