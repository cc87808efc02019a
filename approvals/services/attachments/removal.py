"""Removing what no action took within a day, and bytes that no row names.

Bytes are removed after the row, outside any transaction. Another upload of the same bytes can come in between: it looks
for its bytes once more after its row is there, and whoever removes them looks for a row once more. So one of the two
puts them back.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

import structlog

from approvals.actors import Actor
from approvals.models import ActionAttachment, Attachment
from approvals.storage import contents
from policies.db import errand, service

KEPT = timedelta(days=1)
# The store is looked through by the first two digits of the digests, one such folder in each turn.
FOLDERS = 256
TURN = timedelta(minutes=10)

log = structlog.get_logger()


@errand
def remove_old(*, actor: Actor, clock: Callable[[], datetime], limit: int) -> int:
    """Remove up to ``limit`` uploads that no action took, and what the store has without a row in one of its folders.

    :raises StoreAway: the store does not answer; what was not removed is found by its age later.
    """
    at = clock()
    gone = forget(actor=actor, at=at, limit=limit)
    turn = int(at.timestamp() // TURN.total_seconds()) % FOLDERS
    lost = discard({*gone, *_without_row(contents.old(f"{turn:02x}", at - KEPT))})
    if gone or lost:
        log.info("attachments.removed", rows=len(gone), files=lost)
    return len(gone)


@service
def forget(*, actor: Actor, at: datetime, limit: int) -> list[str]:
    """Delete the rows of uploads that no action took within a day; return the digests of their bytes."""
    rows = Attachment.objects.filter(attached_at=None, created_at__lt=at - KEPT, erased_at=None)
    rows = rows.select_for_update(skip_locked=True, no_key=True).order_by("created_at")
    found = {row.pk: row.sha256 for row in rows[:limit]}
    # Nobody else can attach one now. Asked again all the same: the places are what counts.
    held = set(ActionAttachment.objects.filter(attachment__in=found).values_list("attachment", flat=True))
    free = {key: sha256 for key, sha256 in found.items() if key not in held}
    Attachment.objects.filter(pk__in=free).delete()
    return list(free.values())


def discard(digests: Iterable[str]) -> int:
    """Remove bytes that no row names; return how many. It goes to the store."""
    removed = 0
    for sha256 in digests:
        if is_named(sha256):
            continue
        content = contents.take_away(sha256)
        if content is not None and is_named(sha256):
            contents.put_back(sha256, content)
        elif content is not None:
            removed += 1
    return removed


def _without_row(digests: Iterable[str]) -> Iterator[str]:
    return (sha256 for sha256 in digests if not is_named(sha256))


def is_named(sha256: str) -> bool:
    """Whether any attachment has these bytes; a question."""
    # An erased one has no digest; so asked, the index of the others serves.
    return Attachment.objects.filter(sha256=sha256, erased_at=None).exists()
