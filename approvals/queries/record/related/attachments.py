"""The documents attached to an action."""

from collections.abc import Sequence

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
