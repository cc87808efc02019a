"""A process that appends rows, and that can be killed in the middle of any of its calls to the system.

`python -m tests.connectors.row_writer FOLDER CALL KEY ...`: in the call with this number, half of the content is
written and the process kills itself with SIGKILL. The number 0 kills nothing. It exits with 0 if all rows are there.
"""

import itertools
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings

from approvals.connectors.base import CallStatus, Order
from approvals.connectors.csv import CsvConnector

CALLS = ("write", "pwrite", "fsync", "ftruncate")
TARGET = {
    "folder": "books",
    "prefix": "postings",
    "columns": [{"name": "Issuer", "pointer": "/issuer"}, {"name": "Amount", "pointer": "/amount"}],
}
BODY = '{"amount":717.97,"issuer":"Pâper\\nMill"}'


def order(key: str, body: str = BODY, **target: Any) -> Order:
    return Order(key, "a-1", "invoice.post", "bot", 1, body, TARGET | target)


def killing(name: str, count: "itertools.count[int]", at: int) -> Callable[..., Any]:
    """The call of this name, which kills the process when it is the one with this number."""
    call = getattr(os, name)

    def called(descriptor: int, *rest: Any) -> Any:
        if next(count) != at:
            return call(descriptor, *rest)
        if name in {"write", "pwrite"}:
            call(descriptor, rest[0][: len(rest[0]) // 2], *rest[1:])
        os.kill(os.getpid(), signal.SIGKILL)

    return called


def main(folder: str, at: int, keys: list[str]) -> int:
    settings.configure(HITL_CSV_FOLDERS={"books": folder}, TIME_ZONE="UTC", USE_TZ=True)
    count = itertools.count(1)
    for name in CALLS:
        setattr(os, name, killing(name, count, at))
    return int(any(CsvConnector().send(order(key)).answer is not CallStatus.DONE for key in keys))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), sys.argv[3:]))
