"""What an answer says about the execution."""

import json

SUCCEEDED = "SUCCEEDED"  # it happened
FAILED = "FAILED"  # it definitely did not happen
INDETERMINATE = "INDETERMINATE"  # nobody knows
DOUBT = "DOUBT"  # ask again
REFUSED = "REFUSED"  # this request ran nothing and spent nothing
UNAVAILABLE = "UNAVAILABLE"  # the ledger: this request entered nothing that has effects
UNTIMELY = "UNTIMELY"  # the clock: the same, for as long as it is behind
NONE = "NONE"  # the connection broke
STRANGE = "STRANGE"  # none of the documented ones

SETTLED = (SUCCEEDED, FAILED)
OF_AN_EXECUTION = (*SETTLED, INDETERMINATE)

NAMED = {
    "action-failed": FAILED,
    "outcome-indeterminate": INDETERMINATE,
    "execution-in-progress": DOUBT,
    "execution-timeout": DOUBT,
    "completion-pending": DOUBT,
    "claim-unconfirmed": DOUBT,
    "clock-unsafe": UNTIMELY,
    "overloaded": REFUSED,
    "shutting-down": REFUSED,
}
BY_STATUS = {400: REFUSED, 403: REFUSED, 409: REFUSED, 410: REFUSED, 422: REFUSED, 503: UNAVAILABLE}


def problem(body):
    """The stable name of an error."""
    try:
        return json.loads(body)["type"].rpartition(":")[2]
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""


def verdict(status, body):
    if status == 0:
        return NONE
    if status == 200:
        return SUCCEEDED
    name = problem(body)
    return (NAMED.get(name) or BY_STATUS.get(status, STRANGE)) if name else STRANGE
