"""Sending events to webhooks: an errand that queues, leases, calls and records, until nothing is due.

Receivers are called together, so that a slow one keeps no other waiting for longer than a call.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime
from time import monotonic

from approvals.actors import Actor
from approvals.connectors import outbound
from approvals.connectors.outbound import Forbidden, NoAnswer, NotSent, Request
from approvals.services import sweeps
from approvals.services.webhooks import dispatch, queueing
from approvals.services.webhooks.dispatch import MAX_ANSWER, Answer, Parcel
from policies.db import errand

# So many calls are made together.
TOGETHER = 16
_NOT_ACCEPTED = "The receiver answered {status}. It must answer 200 to 299."


def never() -> bool:
    """Nobody asks to stop."""
    return False


def is_due() -> bool:
    """Return whether there is an event to queue, or a delivery to send."""
    return queueing.is_behind() or dispatch.is_due()


def fault_of(url: str) -> str:
    """Return why a webhook cannot have this address, or an empty text."""
    return outbound.fault_of(url)


@errand
def run_due(
    *, actor: Actor, clock: Callable[[], datetime], limit: int = 500, is_stopping: Callable[[], bool] = never
) -> int:
    """Queue what is new and send up to ``limit`` deliveries that are due; return how much was done.

    When asked to stop it finishes the calls that are under way.
    """
    moved = 0
    while moved < limit and not is_stopping() and (queued := queueing.queue_new(actor=actor, at=clock())):
        moved += queued

    def answered() -> Iterator[tuple[Parcel, Answer]]:
        tried = 0
        with ThreadPoolExecutor(TOGETHER, thread_name_prefix="webhook") as pool:
            while tried < limit and not is_stopping():
                parcels = dispatch.lease(actor=actor, at=clock(), limit=TOGETHER)
                if not parcels:
                    return
                tried += len(parcels)
                calls = {pool.submit(send, parcel): parcel for parcel in parcels}
                for call in as_completed(calls):
                    yield calls[call], call.result()

    def keep(sent: tuple[Parcel, Answer]) -> bool:
        parcel, answer = sent
        return dispatch.record_answer(actor=actor, at=clock(), parcel=parcel, answer=answer)

    return moved + sweeps.for_each("webhook", answered(), keep, passes=()).tried


def send(parcel: Parcel) -> Answer:
    """Make one call, which may take ten seconds; an errand's part that needs no database."""
    began = monotonic()
    headers = {"Content-Type": "application/json", "User-Agent": "HITL", **parcel.headers}
    status, text, error = None, "", ""
    try:
        reply = outbound.call(Request("POST", parcel.url, headers, parcel.body))
    except (Forbidden, NotSent, NoAnswer) as fault:
        error = str(fault)
    else:
        status, text = reply.status, _plain(reply.body)
        error = "" if 200 <= status < 300 else _NOT_ACCEPTED.format(status=status)
    return Answer(int((monotonic() - began) * 1000), status, text, error)


def _plain(body: bytes) -> str:
    """The beginning of an answer as plain text, without characters that could do anything where it is shown."""
    text = body[:MAX_ANSWER].decode("utf-8", errors="replace")
    return "".join(each if each.isprintable() or each in "\n\t" else "\N{REPLACEMENT CHARACTER}" for each in text)
