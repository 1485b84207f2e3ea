"""Reads the log of receipts with Python's own SQLite, and says what is wrong with it."""

import hashlib
import json

INDEX_BITS = 40
ORIGIN = "openexec.dev/ledger/"
STATUS = {"SUCCEEDED": "succeeded", "FAILED": "failed", "INDETERMINATE": "indeterminate"}


def fault(connection, meta, rows):
    """The first thing that is wrong with the latest log or with what it says of the rows, or ok."""
    try:
        log = meta["generation"]
        receipts = bodies(connection, log)
        tree(connection, log, meta, receipts)
        told = [json.loads(body)["predicate"] for body in receipts]
        chains(log, told, rows)
        of_rows(log, told, rows)
    except Wrong as wrong:
        return str(wrong)
    except (KeyError, TypeError, ValueError) as error:
        return f"a receipt is not one: {error!r}"
    return "ok"


class Wrong(Exception):
    pass


def bodies(connection, log):
    first = log << INDEX_BITS
    found = connection.execute(
        "SELECT position, body FROM oe_receipt WHERE position >= ? AND position < ? ORDER BY position",
        (first, first + (1 << INDEX_BITS)),
    ).fetchall()
    for index, row in enumerate(found):
        if row[0] != first + index:
            raise Wrong(f"the log has a gap before {row[0] - first}")
    return [row[1] for row in found]


def tree(connection, log, meta, receipts):
    """RFC 6962: the root of the bodies is that of the edge, and each complete subtree has its row."""
    leaves = [hashlib.sha256(b"\x00" + body.encode()).digest() for body in receipts]
    if len(leaves) != meta["log_size"]:
        raise Wrong(f"the log has {len(leaves)} receipts, and says {meta['log_size']}")
    if root(leaves) != edge_root(bytes.fromhex(meta["log_edge"])):
        raise Wrong("the root of the receipts is another than that of the edge")
    kept = {
        (level, index): found
        for level, index, found in connection.execute("SELECT level, idx, root FROM oe_subtree WHERE log = ?", (log,))
    }
    roots = {(1, at // 256): root(leaves[at : at + 256]) for at in range(0, len(leaves) - 255, 256)}
    if {key: found for key, found in kept.items() if key[0] == 1} != roots:
        raise Wrong("the roots of complete subtrees are others than those of the receipts")


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves):
    if not leaves:
        return hashlib.sha256(b"").digest()
    while len(leaves) > 1:  # an odd one at the end is a subtree of its own, and goes up as it is
        pairs = [node(leaves[at], leaves[at + 1]) for at in range(0, len(leaves) - 1, 2)]
        leaves = pairs + leaves[len(pairs) * 2 :]
    return leaves[0]


def edge_root(edge):
    roots = [edge[at : at + 32] for at in range(0, len(edge), 32)]
    if not roots:
        return root([])
    whole = roots.pop()
    while roots:
        whole = node(roots.pop(), whole)
    return whole


def chains(log, told, rows):
    """Each receipt of an execution follows the last one before it, and no intent is left without an ending but of what runs."""
    last = {}
    for index, receipt in enumerate(told):
        execution = receipt.get("execId")
        if execution is None:
            continue
        previous = receipt.get("previous")
        if previous and previous["log"] == f"{ORIGIN}{receipt['executor']['id']}/{log}":
            if last.get(execution) != previous["index"]:
                raise Wrong(f"receipt {index} follows {previous['index']}, which is not the last of {execution}")
        elif execution in last:
            raise Wrong(f"receipt {index} begins {execution} again")
        last[execution] = index
    running = {row["exec_id"] for row in rows.values() if row["state"] == "RUNNING"}
    for execution, index in last.items():
        if told[index]["phase"] == "intent" and execution not in running:
            raise Wrong(f"the intent of {execution} has no ending, and nothing of it is running")


def of_rows(log, told, rows):
    """The last receipt of a row says of it what the row says."""
    for row in rows.values():
        if row["authority"] == "IMPORTED":
            continue  # claimed elsewhere
        if row["receipt"] is None:
            if row["state"] != "RUNNING" or row["kind"] != "TRANSACTIONAL":
                raise Wrong(f"{row['exec_id']} has no receipt")
            continue
        if row["receipt"] >> INDEX_BITS != log:
            continue  # of a log that a restored copy brought with it
        receipt = told[row["receipt"] & ((1 << INDEX_BITS) - 1)]
        status = STATUS.get(row["state"], "authorized")
        if receipt["execId"] != row["exec_id"] or receipt["status"] != status or receipt["attempt"] != row["attempt"]:
            raise Wrong(f"the last receipt of {row['exec_id']} says something else than its row")
