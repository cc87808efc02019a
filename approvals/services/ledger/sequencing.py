"""Giving each ledger entry its dense position; the room for the tree and its signatures.

Every insert of an entry leaves a pending row, by trigger. One sequencer drains them in one transaction. Reading
``id > last`` instead would lose entries of transactions that commit late.
"""

from datetime import datetime

from django.db import connection

from approvals.actors import Actor
from approvals.models import LedgerPosition
from policies.db import service

# An arbitrary number that names this lock among the database's advisory locks.
SEQUENCER = 4_710_815
_NUMBER = """
    INSERT INTO approvals_ledgerposition (number, entry_id)
    SELECT %s + ROW_NUMBER() OVER (ORDER BY waiting.place), waiting.entry_id
    FROM (SELECT number AS place, entry_id FROM approvals_ledgeroutbox ORDER BY number LIMIT %s) AS waiting
    ORDER BY waiting.place
"""
_CLEAR = """
    DELETE FROM approvals_ledgeroutbox
    WHERE entry_id IN (SELECT entry_id FROM approvals_ledgerposition WHERE number > %s)
"""


@service
def sequence(*, actor: Actor, at: datetime, limit: int = 5_000) -> int:
    """Number up to ``limit`` waiting entries, in the order in which they came; return how many.

    Entries of one action follow each other as they happened: each waits for the lock that the one before it held.
    Nothing is done while another sequencer is at work.
    """
    if not _is_alone():
        return 0
    last = LedgerPosition.objects.order_by("-number").values_list("number", flat=True).first() or 0
    with connection.cursor() as cursor:
        cursor.execute(_NUMBER, [last, limit])
        numbered: int = cursor.rowcount
        if numbered:
            cursor.execute(_CLEAR, [last])
    return numbered


def _is_alone() -> bool:
    if connection.vendor != "postgresql":
        # A transaction of SQLite is IMMEDIATE: it holds the only write lock.
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEQUENCER])
        return bool(cursor.fetchone()[0])
