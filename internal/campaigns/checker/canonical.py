"""Hashes as the documents define them, by the standard library alone."""

import hashlib
import json


def request_hash(action, payload):
    text = json.dumps({"action": action, "payload": payload}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def receipt(execution, result):
    """Of a result as the ledger holds it."""
    return hashlib.sha256(f"{execution}:{result}".encode()).hexdigest()


def spaced(value):
    return json.dumps(value, sort_keys=True)


def nonce_key(tenant, nonce):
    return keyed(b"openexec/nonce/1", tenant.encode(), nonce.encode())


def approval_key(tenant, approval):
    return keyed(b"openexec/approval/1", tenant.encode(), approval.encode(), bytes(4))


def keyed(label, *fields):
    parts = [label]
    for field in fields:
        parts += [len(field).to_bytes(4, "big"), field]
    return hashlib.sha256(b"".join(parts)).hexdigest()
