"""The documents attached to an action."""

from collections.abc import Sequence
from uuid import UUID

from approvals.actors import Actor
from approvals.authority import visibility
from approvals.errors import NotFound
from approvals.models import Action, ActionAttachment, Attachment


def of(action: Action) -> list[Attachment]:
    """Return the attachments of an action's current revision, in order; erased ones are among them.

    The revision knows whether there are any, so that an action without attachments costs no statement.
    """
    return [place.attachment for place in places_of(action)]


def places_of(action: Action) -> Sequence[ActionAttachment]:
    """Return the places of these attachments, with their salts and salted digests; no statement without any."""
    if not action.revision.attachments:
        return ()
    rows = ActionAttachment.objects.filter(action=action, number__lte=action.revision.number)
    return list(rows.select_related("attachment").order_by("position"))


def visible(actor: Actor, attachment_id: UUID) -> Attachment:
    """Return an attachment of the agent that asks, or one of an action that the person may see.

    :raises NotFound: there is no such attachment, or nobody may say so to them.
    """
    if actor.agent is not None:
        found = Attachment.objects.filter(pk=attachment_id, agent=actor.agent).first()
    else:
        held = ActionAttachment.objects.filter(attachment=attachment_id).values("action")
        is_seen = visibility.visible_to(actor).filter(pk__in=held).exists()
        found = Attachment.objects.filter(pk=attachment_id).first() if is_seen else None
    if found is None:
        raise NotFound()
    return found
