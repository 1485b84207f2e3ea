"""What is asked for."""

import json
import uuid
from typing import NamedTuple, Optional

KINDS = ("at-most-once", "idempotent", "pure", "transactional")


class Order(NamedTuple):
    nonce: str
    action: str
    payload: dict
    approval: Optional[dict] = None

    @property
    def mark(self):
        return self.payload["mark"]

    def recorded(self):
        return {
            "nonce": self.nonce, "mark": self.mark, "action": self.action, "payload": self.payload,
            "approval": self.approval,
        }  # fmt: skip

    def members(self):
        approval = {} if self.approval is None else {"approval_artifact": self.approval}
        return {"action": self.action, "payload": self.payload, "nonce": self.nonce, **approval}

    def json(self):
        return json.dumps(self.members())


class Orders:
    """Makes new orders: in demo mode, or each with an approval of its own."""

    def __init__(self, approver=None):
        self.approver = approver

    def new(self, action, end="SUCCEEDED", millis=0):
        order = Order(str(uuid.uuid4()), action, {"mark": str(uuid.uuid4()), "end": end, "millis": millis})
        return self.approved(order)

    def approved(self, order, **times):
        if self.approver is None:
            return order
        return order._replace(approval=self.approver.approve(order.action, order.payload, **times))

    @staticmethod
    def under_another_nonce(order):
        return order._replace(nonce=str(uuid.uuid4()))

    @staticmethod
    def for_something_else(order):
        """Under the same nonce and the same approval."""
        return order._replace(payload={**order.payload, "mark": str(uuid.uuid4())})
