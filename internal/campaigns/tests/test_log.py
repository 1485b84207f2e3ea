"""The judge of the log has to be able to fail."""

import json
import sqlite3
import unittest

from checker import log

LEDGER = "0" * 32


class LogTest(unittest.TestCase):
    def setUp(self):
        self.database = sqlite3.connect(":memory:")
        self.database.execute("CREATE TABLE oe_receipt (position INTEGER PRIMARY KEY, body TEXT)")
        self.database.execute("CREATE TABLE oe_subtree (log INTEGER, level INTEGER, idx INTEGER, root BLOB)")
        self.receipts = []
        self.rows = {}
        for number in range(150):
            intent = self.append(f"e{number}", "intent", "authorized")
            self.row(f"e{number}", "SUCCEEDED", self.append(f"e{number}", "outcome", "succeeded", intent))
        self.row("open", "RUNNING", self.append("open", "intent", "authorized"))

    def append(self, execution, phase, status, previous=None, attempt=1):
        predicate = {"execId": execution, "phase": phase, "status": status, "attempt": attempt, "executor": {"id": LEDGER}}
        if previous is not None:
            predicate["previous"] = {"index": previous, "log": f"openexec.dev/ledger/{LEDGER}/1"}
        self.receipts.append(json.dumps({"predicate": predicate}))
        return len(self.receipts) - 1

    def row(self, execution, state, receipt):
        self.rows[execution] = {
            "exec_id": execution, "state": state, "attempt": 1, "kind": "AT_MOST_ONCE", "authority": "UNSIGNED",
            "receipt": (1 << 40) + receipt,
        }  # fmt: skip

    def judged(self, spoil=lambda meta: None):
        for index, body in enumerate(self.receipts):
            self.database.execute("INSERT INTO oe_receipt VALUES (?, ?)", ((1 << 40) + index, body))
        leaves = [log.hashlib.sha256(b"\x00" + body.encode()).digest() for body in self.receipts]
        for at in range(0, len(leaves) - 255, 256):
            self.database.execute("INSERT INTO oe_subtree VALUES (1, 1, ?, ?)", (at // 256, log.root(leaves[at : at + 256])))
        edge, at = b"", 0
        for height in reversed(range(20)):
            if len(leaves) >> height & 1:
                edge += log.root(leaves[at : at + (1 << height)])
                at += 1 << height
        meta = {"generation": 1, "log_size": len(leaves), "log_edge": edge.hex()}
        spoil(meta)
        return log.fault(self.database, meta, self.rows)

    def test_a_sound_log_is_one(self):
        self.assertEqual(self.judged(), "ok")

    def test_a_receipt_that_was_changed(self):
        changed = "UPDATE oe_receipt SET body = replace(body, 'e7\"', 'e8\"') WHERE position = (1 << 40) + 15"
        self.assertIn("the root of the receipts", self.judged(lambda meta: self.database.execute(changed)))

    def test_a_receipt_that_is_gone(self):
        gone = "DELETE FROM oe_receipt WHERE position = (1 << 40) + 15"
        self.assertIn("a gap before 16", self.judged(lambda meta: self.database.execute(gone)))

    def test_a_log_that_is_cut(self):
        cut = "DELETE FROM oe_receipt WHERE position > (1 << 40) + 290"
        self.assertIn("the log has 291 receipts", self.judged(lambda meta: self.database.execute(cut)))

    def test_a_subtree_that_is_not_there(self):
        self.assertIn("complete subtrees", self.judged(lambda meta: self.database.execute("DELETE FROM oe_subtree")))

    def test_an_ending_that_is_there_twice(self):
        self.append("e7", "outcome", "succeeded", 14)
        self.assertIn("receipt 301 follows 14, which is not the last of e7", self.judged())

    def test_an_execution_that_begins_again(self):
        self.append("e7", "intent", "authorized")
        self.assertIn("begins e7 again", self.judged())

    def test_an_intent_without_an_ending(self):
        del self.rows["open"]
        self.assertIn("the intent of open has no ending", self.judged())

    def test_a_row_without_a_receipt(self):
        self.rows["e7"]["receipt"] = None
        self.assertIn("e7 has no receipt", self.judged())

    def test_a_row_whose_receipt_says_something_else(self):
        self.rows["e7"]["state"] = "FAILED"
        self.assertIn("the last receipt of e7 says something else", self.judged())

    def test_a_receipt_that_is_none(self):
        self.receipts[3] = "{}"
        self.assertIn("a receipt is not one", self.judged())


if __name__ == "__main__":
    unittest.main()
