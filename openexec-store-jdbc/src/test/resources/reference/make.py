#!/usr/bin/env python3
"""Made executions.sql and answers.jsonl with the Python reference itself; README.md beside this file says how.

The server is the reference's own main.py, unchanged, with some more actions, registered the way its users register theirs.
"""

import json
import pathlib
import sqlite3
import sys
import threading
import time
import urllib.error
import urllib.request

import uvicorn

HERE = pathlib.Path(__file__).resolve().parent
DATABASE = pathlib.Path("openexec.db")  # the reference's default, in the working directory
PORT = 5077


def actions():
    from openexec.registry import register_action

    register_action("nothing", lambda payload: {})
    register_action("list", lambda payload: [1, 2])
    register_action("null", lambda payload: None)
    register_action("not a number", lambda payload: {"x": float("nan")})
    register_action("", lambda payload: {"name": "empty"})
    register_action("x" * 257, lambda payload: {"name": "long"})


def nested(levels):
    return '{"a":' * (levels - 1) + "{}" + "}" * (levels - 1)


def requests():
    """Action, payload as JSON text or None for no such member, nonce: nasty, and none of it refused by the reference's model."""
    payloads = {
        "plain": '{"msg": "hello world"}',
        "unsorted": '{"b": 1, "a": {"d": [1, 2, {"f": null, "e": true}], "c": false}}',
        "text": '{"é": "ß \\u20ac 😀 \\u2028 \\"quoted\\" \\\\ / \\u0000 \\u007f \\b\\f\\n\\r\\t"}',
        "code points": '{"\\uffff": 1, "😀": 2, "z": 3}',
        "floats": "[1.10, 1.0, -0.0, 0.1, 1e16, 1E+5, 1e-7, 1e23, 5e-324, 1.7976931348623157e308]",
        "rounded": "[0.1000000000000000055511151231257827, 9007199254740993.0]",
        "underflow": "[1e-400]",
        "overflow": "[1e400]",
        "not numbers": "[NaN, Infinity, -Infinity]",
        "integers": f"[-0, 9007199254740993, {2**64}, -{10**127}]",
        "129 digits": f"[{10**128}]",
        "lone surrogate": '["\\ud800"]',
        "lone surrogate in a name": '{"\\udc00x": 1}',
        "duplicate member": '{"a": 1, "a": 2}',
        "long name": '{"' + "n" * 257 + '": 1}',
        "63 levels": nested(63),
        "64 levels": nested(64),
        "65 levels": nested(65),
    }
    for name, payload in payloads.items():
        yield "echo", payload if payload.startswith("{") else '{"a": ' + payload + "}", name
    yield "echo", None, "payload absent"
    yield "echo", "null", "payload null"
    yield "echo", "{}", "payload empty"
    yield "add", '{"a": 2, "b": 3}', "sum"
    yield "add", '{"a": 2.5}', "sum of one"
    yield "add", "{}", "sum of none"
    yield "add", '{"a": "2", "b": "3"}', "sum of texts"
    yield "add", '{"a": true, "b": true}', "sum of truths"
    yield "add", '{"a": 1e308, "b": 1e308}', "sum too large"
    yield "nothing", "{}", "nothing"
    yield "list", "{}", "list"
    yield "null", "{}", "null"
    yield "not a number", "{}", "not a number"
    yield "", "{}", "no name"
    yield "x" * 257, "{}", "257 letters"
    for nonce in [
        "",
        " ",
        "dup",
        "Dup",
        "dup ",
        "dup\0",
        "dup\0x",
        "e\u0301",
        "\u00e9",
        "😀",
        "007",
        "7",
        "1e5",
        "NULL",
        "'; DROP TABLE execution_log; --",
        "line\nfeed",
        "\u0085",
        "x" * 255,
        "x" * 256,
        "\u00e9" * 127,
        "\u00e9" * 128,
    ]:
        yield "echo", '{"a": 1}', nonce
    yield "echo", '{"a": 1}', "lone \ud800"
    yield "echo", '{"a": "another"}', "plain"  # answered with the result of another request
    yield "add", '{"a": 1}', "plain"  # and of another action
    yield "unknown", "{}", "unknown"


def answer(body):
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT}/execute", body.encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def serve():
    import main

    actions()
    server = uvicorn.Server(uvicorn.Config(main.app, host="127.0.0.1", port=PORT, log_level="critical"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.1)
    return server


def literal(value):
    if isinstance(value, str):
        if value.isprintable():
            return "'" + value.replace("'", "''") + "'"
        return f"CAST(x'{value.encode().hex()}' AS TEXT)"
    return "NULL" if value is None else repr(value)


def dump():
    connection = sqlite3.connect(DATABASE)
    for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"):
        yield sql + ";"
    for row in connection.execute("SELECT * FROM execution_log ORDER BY rowid"):
        yield "INSERT INTO execution_log VALUES (" + ", ".join(map(literal, row)) + ");"


def write(name, lines):
    HERE.joinpath(name).write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def main():
    sys.path.insert(0, sys.argv[1])
    server = serve()
    answers = []
    for action, payload, nonce in requests():
        member = "" if payload is None else f', "payload": {payload}'
        body = f'{{"action": {json.dumps(action)}{member}, "nonce": {json.dumps(nonce)}}}'
        status, text = answer(body)
        line = {"request": body, "status": status}
        if status == 200:
            line["answer"] = json.loads(text)
        answers.append(json.dumps(line))
    server.should_exit = True
    write("answers.jsonl", answers)
    write("executions.sql", dump())


main()
