"""Whether the documents that were decided on are still there, asked right before an effect.

Rows are compared first: what the revision holds must be what the places say, and their salts must make the same digest
of the files. Then the store is asked for the bytes.
"""

import hmac
import uuid
from collections.abc import Sequence

from approvals.actors import Actor
from approvals.models import Action, ActionAttachment
from approvals.queries.record import digests
from approvals.queries.record.related import attachments
from approvals.services.attachments import hosts
from approvals.storage import contents
from policies.db import errand

CHANGED = "The attachments of this action were changed outside HITL."
MISSING = "Missing attachments: {numbers}. Ask your operator to restore the files, or reject the action."


@errand
def missing(*, actor: Actor, action_id: uuid.UUID) -> list[str]:
    """Say which attachments of an action are not as they were decided on; none means that all are there.

    :raises StoreAway: the store does not answer, so nobody knows.
    """
    action = Action.objects.select_related("revision").get(pk=action_id)
    places = attachments.places_of(action)
    if not is_as_decided(action, places):
        return [CHANGED]
    hosts.announce(actor=actor)
    # By their places: a name may be personal, and what is said here is kept for good.
    gone = [str(place.position + 1) for place in places if not _is_there(place)]
    return [MISSING.format(numbers=", ".join(gone))] if gone else []


def is_as_decided(action: Action, places: Sequence[ActionAttachment]) -> bool:
    """Whether the rows are those whose digests the revision holds; an erased one keeps its digest. A question."""
    if [place.digest for place in places] != list(action.revision.attachments or ()):
        return False
    kept = (place for place in places if place.attachment.erased_at is None)
    return all(
        hmac.compare_digest(digests.of_attachment(place.attachment.sha256, place.salt), place.digest) for place in kept
    )


def _is_there(place: ActionAttachment) -> bool:
    file = place.attachment
    return file.erased_at is None and contents.is_whole(file.sha256, file.size)
