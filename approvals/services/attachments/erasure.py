"""Erasing a document for good: its bytes, its name, its digest and the salts; the record keeps that it was there."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from approvals.actors import Actor, Door
from approvals.errors import Malformed, NotAllowed, NotFound, WrongState
from approvals.models import Action, ActionAttachment, Attachment
from approvals.models.actions import UNFINISHED
from approvals.services import locks
from approvals.services.attachments import removal
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.text import reasons
from policies.db import errand, service

PERMISSION = "approvals.erase_attachment"
MAX_REASON = 500


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased: the digest of the bytes, and how many actions had them."""

    sha256: str
    actions: int


@errand
def erase(*, actor: Actor, at: datetime, attachment_id: uuid.UUID, reason: str) -> bool:
    """Erase an attachment; return whether its bytes are gone, which those of another upload of them are not.

    :raises NotAllowed: the person may not erase, or comes with a token.
    :raises NotFound: there is no such attachment, or it was erased before.
    :raises WrongState: an action that has it is not finished.
    :raises Malformed: there is no reason.
    :raises StoreAway: the row is erased, and the bytes are removed later.
    """
    erased = forget(actor=actor, at=at, attachment_id=attachment_id, reason=reason)
    return removal.discard([erased.sha256]) > 0 or not removal.is_named(erased.sha256)


@service
def forget(*, actor: Actor, at: datetime, attachment_id: uuid.UUID, reason: str) -> Erased:
    """Erase the row, and record it in every action that has it; the bytes are removed after the commit.

    :raises NotAllowed: the person may not erase, or comes with a token.
    :raises NotFound: there is no such attachment, or it was erased before.
    :raises WrongState: an action that has it is not finished.
    :raises Malformed: there is no reason.
    """
    _ask(actor)
    why = reasons.checked(
        reason, MAX_REASON, missing=Malformed("Explain why the attachment is erased.", field="reason"), field="reason"
    )
    row = Attachment.objects.select_for_update(no_key=True).filter(pk=attachment_id, erased_at=None).first()
    if row is None:
        raise NotFound()
    places = list(ActionAttachment.objects.filter(attachment=row).order_by("action"))
    actions = [locks.action(place.action_id) for place in places]
    # An override under way held the lock of the former action: what it proposed has the attachment as well.
    is_joined = ActionAttachment.objects.filter(attachment=row).count() > len(places)
    if is_joined or any(action.state in UNFINISHED for action in actions):
        raise WrongState("An action that has this attachment is not finished. Decide on the action first.")
    erased = Erased(row.sha256, len(places))
    _erase(row, places, at, why)
    _record(actions, places, Event(actor, at, "attachment.erased", why), row)
    return erased


def _ask(actor: Actor) -> None:
    if actor.door is Door.COMMAND and actor.agent is None:
        return
    person = actor.person
    if person is None or actor.door is Door.TOKEN or not person.is_active or not person.has_perm(PERMISSION):
        raise NotAllowed("Only people with the permission to erase attachments can do this. Ask an administrator.")


def _erase(row: Attachment, places: list[ActionAttachment], at: datetime, why: str) -> None:
    ActionAttachment.objects.filter(pk__in=[place.pk for place in places]).update(salt="")
    row.sha256, row.name, row.erased_at, row.erasure_reason = "", "", at, why
    row.save(update_fields=["sha256", "name", "erased_at", "erasure_reason"])


def _record(actions: list[Action], places: list[ActionAttachment], fact: Event, row: Attachment) -> None:
    """One entry for each action, by the digest that its revision keeps; one of its own where no action has it."""
    for action, place in zip(actions, places, strict=True):
        data = {"attachment": place.digest, "position": place.position}
        # With a history row of the action, which keeps the reason where its readers look for it.
        entries.record_event(action, replace(fact, data=data), is_changed=True)
    if not actions:
        entries.record_refusal(replace(fact, data={"row": str(row.pk)}))
